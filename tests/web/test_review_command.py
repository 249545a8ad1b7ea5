"""`imgtool review` as a process: it says where it is, opens a browser if there is one, and ends quietly."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from imgtool.cli.main import run
from imgtool.dataset import Dataset
from tests.made import tree
from tests.painted import encoded, scene

MAIN = "import sys; sys.argv[0] = 'imgtool'; from imgtool.cli import main; main()"
ROOT = str(Path(__file__).parents[2])


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for n in range(3):
        (tmp_path / "data" / "cat").mkdir(parents=True, exist_ok=True)
        (tmp_path / "data" / "cat" / f"{n}.jpg").write_bytes(encoded(scene(seed=n), "JPEG"))
    (tmp_path / "data" / "dog").mkdir()
    return tmp_path / "data"


def started(*args: str, **more: str) -> subprocess.Popen[str]:
    environ = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    pipe = subprocess.PIPE
    environ |= {"PYTHONPATH": ROOT, **more}
    return subprocess.Popen(
        [sys.executable, "-c", MAIN, "review", *args], env=environ, text=True, stdout=pipe, stderr=pipe
    )


@pytest.fixture
def process(data: Path) -> Iterator[subprocess.Popen[str]]:
    running = started(str(data), "--no-browser")
    yield running
    running.kill()
    running.communicate()


def came_in(address: str) -> requests.Session:
    at, _, token = address.partition("/#")
    web = requests.Session()
    web.headers["origin"] = at
    assert web.post(at + "/enter", json={"token": token}, timeout=20).status_code == 200
    return web


def address_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout
    return process.stdout.readline().split()[-1]


def test_it_prints_an_address_serves_there_and_ends_quietly(process: subprocess.Popen[str]) -> None:
    address = address_of(process)
    assert address.startswith("http://127.0.0.1:")
    with came_in(address) as web:
        assert "cat" in web.get(address.partition("#")[0], timeout=20).text
        web.get(address.partition("#")[0] + "%1b]8;;http://evil%07\n", timeout=20)  # nothing of it gets to the terminal
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=20)
    assert process.returncode == 0
    assert out == ""
    assert err == "Ctrl-C ends it.\n"


def test_a_browser_is_opened_where_there_is_one(data: Path, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/half; mv {tmp_path}/half {tmp_path}/opened\n')
    browser.chmod(0o755)
    running = started(str(data), BROWSER=f"{browser} %s")
    address = address_of(running)
    while not (tmp_path / "opened").exists():
        time.sleep(0.01)
    running.send_signal(signal.SIGINT)
    running.communicate(timeout=20)
    assert (tmp_path / "opened").read_text().strip() == address


def test_two_reviews_of_one_dataset_share_it(process: subprocess.Popen[str], data: Path) -> None:
    second = started(str(data), "--no-browser", "--json")
    try:
        assert second.stderr
        one, two = came_in(address_of(process)), came_in(second.stderr.readline().strip())
        one.close()
        two.close()
    finally:
        second.send_signal(signal.SIGINT)
        out, _ = second.communicate(timeout=20)
    assert json.loads(out)["ok"] is True


@pytest.mark.parametrize(
    "args", [("absent",), (".", "--replay", "a", "--export", "b"), (".", "--replay", "absent.json")]
)
def test_what_makes_no_sense_is_said(
    args: tuple[str, ...], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert run(["review", *args, "--no-browser"]) == 2
    assert "error: " in capsys.readouterr().err


def test_a_port_that_is_taken_is_said_to_be(process: subprocess.Popen[str], data: Path) -> None:
    port = address_of(process).partition("/#")[0].rpartition(":")[2]
    assert run(["review", str(data), "--no-browser", "--port", port]) == 2


def test_decisions_go_to_a_file_and_from_there_to_a_fresh_scrape(
    process: subprocess.Popen[str], data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    fresh = tmp_path / "fresh"
    for path, body in tree(data).items():
        (fresh / "dog").mkdir(parents=True, exist_ok=True)
        (fresh / path).parent.mkdir(exist_ok=True)
        (fresh / path).write_bytes(body)
    address = address_of(process)
    at = address.partition("/#")[0]
    with came_in(address) as web, Dataset.open(data) as dataset:
        while not web.get(at + "/state", timeout=20).json()["looked"]:
            pass
        page = web.get(at + "/class?label=cat", timeout=20).text
        one, two = (part.partition('"')[0] for part in page.split('data-id="')[1:3])
        web.post(at + "/decide", json={"verdict": "drop", "ids": [one]}, timeout=20)
        web.post(at + "/decide", json={"verdict": "move", "ids": [two], "target": "dog"}, timeout=20)
        assert dataset.count("dog") == 1

    assert run(["review", str(data), "--export", str(tmp_path / "decisions.json")]) == 0
    assert run(["review", str(fresh), "--replay", str(tmp_path / "decisions.json")]) == 0

    assert tree(fresh) == tree(data)
    assert "1 dropped, 1 moved, 0 kept" in capsys.readouterr().out
    assert run(["review", str(fresh), "--replay", str(data)]) == 0
    assert "2 had nothing to do here" in capsys.readouterr().out
    assert run(["review", str(data), "--export", "-"]) == 0
    assert json.loads(capsys.readouterr().out)["schema"] == "imgtool/decisions/1"
