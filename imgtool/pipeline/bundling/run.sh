#!/bin/sh
# Serves what lies in this folder:  sh run [--port 8000] [--no-browser] [what `imgtool serve --help` names]
# The first time it installs what it needs into .venv here, @SOURCE@. Nothing else on this machine changes.
set -eu
case $0 in */*) here=$(CDPATH='' cd -- "${0%/*}" && pwd) ;; *) here=$PWD ;; esac
venv=$here/.venv
ready=$venv/ready-@MARK@

if ! [ -e "$ready" ]; then
    found=
    for each in "${PYTHON:-python@VERSION@}" python3 python; do
        if "$each" -c 'import sys; sys.exit(sys.version_info[:2] != (@PAIR@))' 2>/dev/null; then
            found=$each
            break
        fi
    done
    if ! [ "$found" ]; then
        echo "This needs Python @VERSION@, and finds none. Name it: PYTHON=/path/to/python@VERSION@ sh run" >&2
        exit 1
    fi
    echo "Installing into $venv, this once ..." >&2
    "$found" -m venv --clear "$venv"
    "$venv/bin/python" -I -m pip install --quiet --disable-pip-version-check --no-deps --ignore-requires-python \
       @INDEX@ --find-links "$here/wheels" --requirement "$here/requirements.txt"
    : >"$ready"
fi

export XDG_CACHE_HOME="$here/cache" # the models' quick forms lie there
exec "$venv/bin/python" -I -m imgtool serve @MODELS@ "$@"
