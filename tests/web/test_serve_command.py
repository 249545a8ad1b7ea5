"""`imgtool serve` as a process: it says where it is, answers there, and ends quietly."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import requests

from imgtool.cli.main import run
from tests.nets import LABELS, quick
from tests.painted import encoded, scene
from tests.street import begun

pytestmark = pytest.mark.slow  # the model file is made by TensorFlow, once
PNG = {"content-type": "image/png"}
SECRET = "sixteen letters or more"


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model, and its quick form in a cache."""
    room = tmp_path_factory.mktemp("room")
    quick(room / "pets.keras", room / "cache")
    return room


@contextmanager
def serving(room: Path, *args: str, **environ: str) -> Iterator[subprocess.Popen[str]]:
    words = ("serve", str(room / "pets.keras"), "--no-browser", "--port", "0", *args)
    process = begun(*words, XDG_CACHE_HOME=str(room / "cache"), **environ)
    try:
        yield process
    finally:
        process.kill()
        process.communicate()


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().split()[-1]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_prints_an_address_answers_there_and_ends_quietly(room: Path, number: signal.Signals) -> None:
    with serving(room) as process:
        at, _, token = address_of(process).partition("#")
        reply = requests.post(f"{at}api/predict", encoded(scene()), headers=PNG, timeout=60)
        assert reply.json()["predictions"][0]["label"] in LABELS
        assert reply.json()["model"] == "pets"
        assert len(token) > 30
        requests.get(f"{at}%1b]8;;http://evil%07\n", timeout=20)  # nothing of it gets to the terminal
        process.send_signal(number)
        out, err = process.communicate(timeout=20)
    assert (process.returncode, out, err) == (0, "", "Ctrl-C ends it.\n")


def test_a_token_that_a_person_chose_is_not_printed(room: Path) -> None:
    with serving(room, "--host", "0.0.0.0", "--name", "Pics.Example", IMGTOOL_TOKEN=SECRET) as process:
        at = address_of(process)
        port = at.rstrip("/").rpartition(":")[2]
        assert requests.get(f"{at}api/models", timeout=60).status_code == 401
        headers = {"authorization": f"Bearer {SECRET}", "host": f"pics.example:{port}"}
        assert requests.get(f"{at}api/models", headers=headers, timeout=60).status_code == 200
        process.send_signal(signal.SIGINT)
        out, err = process.communicate(timeout=20)
    assert SECRET not in at + out + err
    assert "nothing is encrypted" in err


def test_machines_read_it_too(room: Path) -> None:
    with serving(room, "--json") as process:
        assert process.stderr
        address = process.stderr.readline().strip()
        assert requests.get(address.partition("#")[0] + "api/models", timeout=60).ok
        process.send_signal(signal.SIGINT)
        told = json.loads(process.communicate(timeout=20)[0])
    assert told["address"] == address
    assert (told["ok"], told["models"]) == (True, ["pets"])


def test_it_says_what_it_cannot_serve(room: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "torn.keras").write_bytes((room / "pets.keras").read_bytes()[:-500])
    pets = str(room / "pets.keras")
    for words, says in (
        (["absent.keras"], "There is no model"),
        ([str(tmp_path / "torn.keras")], "torn.keras"),
        ([pets, "--digits", pets], "not of digits"),
        ([pets, "--weights", "x.tflite"], "Add --imagenet"),
        ([pets, "--host", "example.org"], "in numbers"),
        ([pets, "--name", "http://x/"], "as it stands in an address"),
        ([pets, "--data", str(tmp_path / "none")], "There is no dataset"),
    ):
        assert run(["serve", *words, "--no-browser", "--port", "0"]) in {2, 7}
        assert says in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_to_be(room: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with serving(room) as process:
        port = address_of(process).partition("/#")[0].rpartition(":")[2]
        assert run(["serve", str(room / "pets.keras"), "--no-browser", "--port", port]) == 2
    assert "already in use" in capsys.readouterr().err


def test_a_token_that_can_be_guessed_is_refused(
    room: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("IMGTOOL_TOKEN", "guess me")
    assert run(["serve", str(room / "pets.keras"), "--no-browser", "--port", "0"]) == 2
    assert "guess me" not in capsys.readouterr().err
