"""A bundle where nothing is but Python: an empty home, one program on the path, no network; and it answers."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from imgtool.pipeline.bundle import Wish, bundle
from imgtool.pipeline.bundling.pins import SERVING, pinned
from tests.nets import LABELS, model
from tests.painted import encoded, scene
from tests.wheels import shelf

ALONE = str(Path(__file__).parents[1] / "alone.py")
CUT = ["unshare", "--map-root-user", "--net"]
TOKEN = "a-token-of-sixteen"


def cut_off() -> bool:
    """Can a process be started here that has no network?"""
    return shutil.which("unshare") is not None and subprocess.run([*CUT, "true"], capture_output=True).returncode == 0


pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(600),  # two environments are made and filled, at the pace of the disk
    pytest.mark.skipif(not cut_off(), reason="needs `unshare --net`, to cut the network off"),
]


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A bundle with every wheel in it, a picture, a home with nothing, a path with Python alone."""
    room = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(room / "cache"))
        patch.setenv("PIP_NO_INDEX", "1")
        patch.setenv("PIP_FIND_LINKS", str(shelf(room / "shelf", pinned(SERVING))))
        model(room / "pets.keras")
        made = bundle([room / "pets.keras"], Wish(to="docker", out=room / "my bundle", wheels=True))
    assert made.slow == ()
    for each in ("cache", "shelf"):
        shutil.rmtree(room / each)
    for each in ("home", "path"):
        (room / each).mkdir()
    python = f"python3.{sys.version_info.minor}"
    (room / "path" / python).symlink_to(Path(sys.base_prefix) / "bin" / python)
    (room / "cat.jpg").write_bytes(encoded(scene(seed=1), "JPEG"))
    yield room
    shutil.rmtree(room)


def alone(room: Path, command: list[str], **more: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """What it says there, and how it ends."""
    environ = {"PATH": str(room / "path"), "HOME": str(room / "home")} | more.pop("environ", {})
    said = {"command": command, "environ": environ, "cwd": "/", "picture": str(room / "cat.jpg")} | more
    ran = subprocess.run([*CUT, sys.executable, ALONE, json.dumps(said)], capture_output=True, text=True)
    told, end = map(json.loads, ran.stdout.splitlines())
    return told, end


def test_it_starts_where_nothing_is_but_python_and_answers_a_picture(room: Path) -> None:
    made = room / "my bundle"
    start = ["/bin/sh", str(made / "run"), "--port", "0", "--no-browser"]
    told, end = alone(room, start)
    assert (told["network"], told["page"], told["stranger"]) == (False, 200, 200), end
    assert told["said"]["model"] == "pets"
    assert told["said"]["predictions"][0]["label"] in LABELS
    assert end["code"] == 0
    assert "Installing into" in end["err"]
    assert list((room / "home").iterdir()) == []
    assert not list((made / ".venv").glob("lib/*/site-packages/tensorflow"))
    checked = subprocess.run([made / ".venv" / "bin" / "python", "-m", "pip", "check"], capture_output=True, text=True)
    assert checked.stdout.strip() == "No broken requirements found."
    made.rename(room / "moved")
    told, end = alone(room, ["/bin/sh", str(room / "moved" / "run"), "--port", "0", "--no-browser"])
    (room / "moved").rename(made)
    assert told["said"]["predictions"][0]["label"] in LABELS
    assert "Installing into" not in end["err"]


def test_the_steps_of_its_dockerfile_serve_behind_a_token(room: Path) -> None:
    lines = (room / "my bundle" / "Dockerfile").read_text().splitlines()
    steps = [line.partition(" ")[::2] for line in lines if line and not line.startswith("#")]
    srv, python = room / "srv", str(room / "image" / "bin" / "python")
    srv.mkdir()
    subprocess.run([room / "path" / f"python3.{sys.version_info.minor}", "-m", "venv", room / "image"], check=True)
    environ, entry, health = {"IMGTOOL_TOKEN": TOKEN}, [""], [""]
    for word, rest in steps:
        if word == "COPY":
            taken, _, there = rest.partition(" ")
            source = room / "my bundle" / taken
            (shutil.copytree if source.is_dir() else shutil.copy)(source, srv / there)
        elif word == "RUN" and rest.startswith("python"):
            subprocess.run(rest.replace("python", python, 1), shell=True, cwd=srv, check=True, env={"HOME": str(srv)})
        elif word == "ENV":
            name, _, value = rest.partition("=")
            environ[name] = value.replace("/srv", str(srv))
        elif word == "ENTRYPOINT":
            entry = json.loads(rest)
        elif word == "HEALTHCHECK":
            health = json.loads(rest.partition("CMD ")[2])
    environ["PATH"] = os.path.dirname(python)
    told, end = alone(
        room,
        [python, *entry[1:]],
        environ=environ,
        cwd=str(srv),
        token=TOKEN,
        health=[python, *health[1:]],
    )
    assert (told.get("page"), told.get("stranger"), told.get("health")) == (200, 401, 0), (told, end)
    assert told["said"]["predictions"][0]["label"] in LABELS
    assert [word for word, _ in steps] == [
        *("FROM", "RUN", "WORKDIR", "COPY", "COPY", "RUN", "COPY", "COPY"),
        *("USER", "ENV", "EXPOSE", "HEALTHCHECK", "ENTRYPOINT"),
    ]
