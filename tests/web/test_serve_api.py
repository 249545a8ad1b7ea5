"""The interface for programs against the running server: pictures in by every way, names out."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.hall import GREEN, RED, Served, plain, running


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as one:
        yield one


def test_a_picture_gets_its_names(served: Served) -> None:
    told = served.predict(plain(RED)).json()
    assert told["model"] == "colours"
    (said,) = told["predictions"]
    assert (said["label"], said["sure"], said["error"]) == ("red", True, None)
    assert [each["label"] for each in said["ranked"]] == ["red", "green <b>", "blue"]


def test_several_pictures_of_a_form_are_answered_in_their_order(served: Served) -> None:
    files = [("file", ("a.png", plain(RED))), ("file", ("b.jpg", plain(GREEN, kind="JPEG"))), ("file", ("c", b"<svg>"))]
    told = served.post("/api/predict?top=1", files=files).json()["predictions"]
    assert [(each["name"], each["label"]) for each in told] == [("a.png", "red"), ("b.jpg", "green <b>"), ("c", "")]
    assert told[2]["error"] == {"reason": "unsupported", "message": "SVG"}
