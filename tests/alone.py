"""A server started where there is no network but its own machine, and asked: `unshare -rn python tests/alone.py`.

Its one argument says, in JSON, what is started (command, environ, cwd), which picture it is asked about, with which
token, and which command looks whether it is well. What it prints is JSON too.
"""

from __future__ import annotations

import fcntl
import json
import re
import socket
import struct
import subprocess
import sys
import urllib.error
import urllib.request
from pathlib import Path
from typing import Any

SET_FLAGS, UP = 0x8914, 0x41  # SIOCSIFFLAGS; up, and running


def main() -> None:
    """Start it, ask it, end it."""
    said = json.loads(sys.argv[1])
    with socket.socket() as wire:
        fcntl.ioctl(wire, SET_FLAGS, struct.pack("16sh14x", b"lo", UP))
    pipe = subprocess.PIPE
    process = subprocess.Popen(
        said["command"], env=said["environ"], cwd=said["cwd"], stdout=pipe, stderr=pipe, text=True
    )
    try:
        print(json.dumps({"network": reachable(), **asked(process, said)}))
    finally:
        process.terminate()
        _, err = process.communicate(timeout=20)
        print(json.dumps({"code": process.returncode, "err": err}))


def asked(process: subprocess.Popen[str], said: dict[str, Any]) -> dict[str, Any]:
    """What it answers."""
    assert process.stdout
    line = process.stdout.readline()
    port = re.search(r":(\d+)/", line)
    if not port:
        return {"line": line}
    at, picture = f"http://127.0.0.1:{port[1]}", Path(said["picture"]).read_bytes()
    health = subprocess.run(said["health"], capture_output=True).returncode if said.get("health") else None
    token = {"authorization": f"Bearer {said['token']}"} if said.get("token") else {}
    return {
        "page": sent(at + "/", None, token)[0],
        "stranger": sent(at + "/api/predict", picture, {})[0],
        "said": json.loads(sent(at + "/api/predict", picture, token)[1]),
        "health": health,
    }


def sent(url: str, data: bytes | None, headers: dict[str, str]) -> tuple[int, bytes]:
    """Status and body."""
    kind = {"content-type": "image/jpeg"} if data else {}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, data, kind | headers), timeout=30) as reply:
            return reply.status, reply.read()
    except urllib.error.HTTPError as error:
        return error.code, error.read()


def reachable() -> bool:
    """Is there any way out?"""
    try:
        socket.create_connection(("192.0.2.1", 80), 1).close()
    except OSError:
        return False
    return True


if __name__ == "__main__":
    main()
