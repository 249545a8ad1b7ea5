"""What a browser brought, put into one text: no browser is needed to prove it."""

from __future__ import annotations

import json

import pytest

from imgtool.records import Query
from scraper.browser.brought import lightened, names_pictures, together, unbatched
from scraper.engines import ENGINES
from scraper.limits import MIB
from scraper.reply import Reply


def rows(*numbers: int) -> str:
    made = [
        [
            0,
            f"doc{n}",
            [f"https://encrypted-tbn0.gstatic.com/images?q=tbn:{n}", 9, 9],
            [f"https://cats.example/{n}.jpg?a=</script>", 900, 1600],
        ]
        for n in numbers
    ]
    return json.dumps(made)


@pytest.mark.parametrize(
    "answer",
    [
        f')]}}\'\n22;["x"]5f;<div></div><script>var m={rows(1, 2)};</script>',
        ")]}'\n\n99\n" + json.dumps([["wrb.fr", "HoAMBc", rows(1, 2), None, "generic"], ["di", 9]]) + "\n25\n[[]]",
        rows(1, 2),
    ],
    ids=["segments", "batch", "bare"],
)
def test_what_scrolling_brought_is_read_like_the_page(answer: str) -> None:
    body = together("<html><body></body></html>", [answer], MIB)
    ask = ENGINES["google"].first(Query("cat", "cat"), "https://www.google.com")
    refs = ENGINES["google"].read(ask, Reply(200, ask.url, body=body)).refs
    assert [ref.url.partition("?")[0] for ref in refs] == [f"https://cats.example/{n}.jpg" for n in (1, 2)]


@pytest.mark.parametrize("answer", ["", "{}", '[["wrb.fr"]]', '[["wrb.fr",', "wrb.fr", '[["wrb.fr","x",null]]', "[1]"])
def test_other_answers_stay_as_they_are(answer: str) -> None:
    assert unbatched(answer) == answer
    assert not names_pictures(answer)


def test_pictures_written_out_are_left_out() -> None:
    page = '<img src="data:image/jpeg;base64,/9j/4AAQ=="><script>s="data:image/png;base64,iVBO\\x3d\\x3d";</script>'
    assert lightened(page) == '<img src="data:,"><script>s="data:,";</script>'


def test_as_many_answers_as_fit_are_kept_whole() -> None:
    answers = ["a" * 400, "b" * 400, "c" * 400]
    body = together("<p>", answers, 1000)
    assert len(body) <= 1000
    assert body.count(b"</script>") == 2
    assert b"c" * 400 not in body
