"""What a bundle brings suffices: `imgtool serve` answers everything where no other package can be imported."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from classify.file import Classifier, save
from imgtool.pipeline.bundling.pins import SERVING, pinned
from tests.nets import card, model, pictures, tiny
from tests.painted import encoded, scene
from tests.street import Street, begun

FENCE = """
import sys
from importlib import metadata
class Fence:
    allowed = {allowed!r}
    packages = metadata.packages_distributions()
    def find_spec(self, name, path=None, target=None):
        owners = self.packages.get(name.partition('.')[0], [])
        if owners and not any(each.lower().replace('_', '-').replace('.', '-') in self.allowed for each in owners):
            raise ModuleNotFoundError(f'{{name}} is not in a bundle', name=name)
sys.meta_path.insert(0, Fence())
"""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model of pictures and one of digits, both with their quick forms."""
    room = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(room / "cache"))
        model(room / "pets.keras")
        save(room / "digits.keras", tiny(28, 10), card(labels=tuple("0123456789"), size=28, kind="digits"), {})
        Classifier.load(room / "pets.keras").answers(pictures())
        Classifier.load(room / "digits.keras").answers(pictures(4, 28, 28))
    return room


@pytest.fixture(scope="module")
def at(room: Path) -> Iterator[str]:
    """The address of a server that has nothing but what a bundle brings."""
    allowed = {*pinned(SERVING), "imgtool-datasets"}
    before = f"exec({FENCE.format(allowed=allowed)!r})"
    words = [str(room / "pets.keras"), "--digits", str(room / "digits.keras"), "--allow-url"]
    line = ["serve", *words, "--port", "0", "--no-browser"]
    process = begun(*line, before=before, XDG_CACHE_HOME=str(room / "cache"))
    try:
        assert process.stdout
        found = re.search(r"http://[0-9.:]+", process.stdout.readline())
        assert found, process.communicate(timeout=20)[1]
        yield found[0]
    finally:
        process.terminate()
        _, err = process.communicate(timeout=20)
    assert err == "Ctrl-C ends it.\n"


def test_every_page_is_shown(at: str) -> None:
    paths = ("/", "/draw", "/card", "/card?model=pets", "/card?model=digits")
    said = {path: requests.get(at + path, timeout=30).status_code for path in paths}
    assert said == dict.fromkeys(paths, 200)


def test_every_question_is_answered(at: str) -> None:
    for path in ("/healthz", "/metrics", "/api/models", "/api/openapi.json"):
        assert requests.get(at + path, timeout=30).status_code == 200, path


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "BMP", "TIFF"])
@pytest.mark.parametrize("name", ["pets", "digits"])
def test_every_model_names_pictures_of_every_kind(at: str, name: str, kind: str) -> None:
    body, head = encoded(scene(seed=1), kind), {"content-type": f"image/{kind.lower()}"}
    reply = requests.post(f"{at}/api/predict?model={name}", data=body, headers=head, timeout=30)
    assert reply.status_code == 200, reply.text
    assert reply.json()["predictions"][0]["error"] is None


def test_a_model_says_where_it_looked(at: str) -> None:
    body, head = encoded(scene(seed=1), "JPEG"), {"content-type": "image/jpeg"}
    reply = requests.post(f"{at}/api/look?model=pets", data=body, headers=head, timeout=30)
    assert reply.status_code == 200, reply.text
    assert reply.json()["view"].startswith("data:image/jpeg;base64,")


def test_a_picture_is_fetched_from_an_address(at: str) -> None:
    with Street() as street:
        reply = requests.post(f"{at}/api/predict?model=pets", json={"url": street.picture(1)}, timeout=30)
    assert reply.status_code == 200, reply.text
