"""`imgtool demo --serve` ends in a page with the demo's own model, and pictures to try on it."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest
import requests

from curate.pixels.sniff import sniff
from imgtool.cli.main import run
from imgtool.demo.teaching import samples
from imgtool.demo.world import World
from tests.street import begun

CLASSES = set(World().classes)


def test_there_are_pictures_to_try_of_every_class_and_one_of_none(tmp_path: Path) -> None:
    made = samples(World(1), tmp_path / "samples", each=2)
    assert len(made) == 2 * len(CLASSES) + 1
    bodies = [path.read_bytes() for path in made]
    assert all(sniff(body) for body in bodies)
    assert len(set(bodies)) == len(bodies)
    assert samples(World(1), tmp_path / "again", each=2)[3].read_bytes() == bodies[3]


def test_a_handful_makes_no_model_to_serve(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["demo", "--serve", "--n", "5"]) == 2
    assert "A model needs 20 pictures of each class" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.timeout(600)  # it scrapes, cleans and trains first
def test_it_ends_in_a_page_that_names_the_pictures_to_try(tmp_path: Path) -> None:
    process = begun("demo", "--n", "20", "--serve", "--no-browser", "--quiet", XDG_CACHE_HOME=str(tmp_path))
    try:
        assert process.stdout
        said = next((line for line in process.stdout if line.startswith("Try it: ")), "")
        at = said.split()[-1].partition("/#")[0]
        assert "Or try one of these" in requests.get(at, timeout=30).text
        sample = requests.get(f"{at}/sample/0", timeout=30)
        head = {"content-type": sample.headers["content-type"]}
        told = requests.post(f"{at}/api/predict", data=sample.content, headers=head, timeout=60).json()
        assert told["model"] == "demo"
        assert {each["label"] for each in told["predictions"][0]["ranked"]} == CLASSES
        looked = requests.post(f"{at}/api/look", data=sample.content, headers=head, timeout=60).json()
        assert len(looked["nearest"]) == 6
        card = requests.get(f"{at}/card", timeout=60).text
        assert all(label in card for label in CLASSES)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    finally:
        process.kill()
    assert (process.returncode, err) == (0, "")
