"""What a person sees during a run and after it, at two widths, with strangers' text in it."""

from __future__ import annotations

import io

import pytest
from rich.console import Console

from imgtool.cli.report import clock, drawing
from imgtool.cli.screen import Screen
from imgtool.cli.watch import Watch, megabytes
from imgtool.pipeline.plan import EVERYTHING, Began, Note, PageRead
from imgtool.records import ClassReport, EngineReport, ImageRef, Kept, Picture, Reason, ScrapeReport, Skipped

REF = ImageRef("https://example.org/1.jpg", "cat", "bing")
PICTURE = Picture("00", 250_000, "jpeg", 8, 8, "RGB", 1, 1, 0, 0, "full", b"", 0.0, 0.0, 0.0)
ENGINES = (
    EngineReport("bing", "ok", 12, 420, 380, 40, 100, "n was reached"),
    EngineReport("google", "blocked: captcha"),
)
ONE = ClassReport("cat \x1b[31m", "cat", 100, 90, 80, 4, {"gone": 40, "timeout": 2}, ENGINES, 41.3)
LISTED = ClassReport("dog", "dog", None, 7, 7, 0, {}, (), 1.0)


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


def shown(*classes: ClassReport, width: int = 80) -> str:
    console = Console(file=io.StringIO(), width=width, markup=False, highlight=False)
    with console.capture() as capture:
        console.print(drawing(Screen("scrape"), ScrapeReport("data", classes)))
    return capture.get()


@pytest.mark.parametrize("width", [60, 80, 120])
def test_the_report_fits_its_terminal_and_keeps_its_words(width: int) -> None:
    lines = shown(ONE, width=width).splitlines()
    assert max(len(line) for line in lines) <= width
    assert "90 of 100 pictures in data/cat" in "\n".join(lines)
    assert "n was reached" in "\n".join(lines)


def test_the_report_says_why_in_words_the_commonest_first() -> None:
    text = shown(ONE)
    assert text.index("no longer there") < text.index("no answer in time")
    assert "add --retry timeout" in text
    assert "asks for a captcha" in text


def test_the_report_of_a_list_names_no_wanted_number() -> None:
    assert "dog  7 pictures in data/dog" in shown(LISTED)


def test_a_strange_name_stays_text() -> None:
    assert r"cat \x1b[31m" in shown(ONE)


def test_on_a_terminal_a_line_counts(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = Terminal()
    monkeypatch.setattr("sys.stderr", stream)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "80")
    with Watch(Screen("scrape")) as watch:
        for event in (Began("cat", 5, 2), PageRead("cat", "bing", "ok", 35, 28), Kept(REF, "cat/1.jpg", PICTURE)):
            watch(event)
        watch(Skipped(REF, Reason.GONE))
    assert "3/5 kept" in stream.getvalue()
    assert "1 refused" in stream.getvalue()
    assert "bing: 35 pictures, 28 new" in stream.getvalue()


def test_elsewhere_only_remarks_are_printed_each_once(capsys: pytest.CaptureFixture[str]) -> None:
    with Watch(Screen("scrape")) as watch:
        for event in (Began("cat", EVERYTHING, 0), Note("google [b]rests[/b]"), Note("google [b]rests[/b]")):
            watch(event)
        watch(Kept(REF, "cat/1.jpg", PICTURE))
    assert capsys.readouterr() == ("", "google [b]rests[/b]\n")


def test_quiet_prints_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    with Watch(Screen("scrape", quiet=True)) as watch:
        watch(Note("google rests"))
    assert capsys.readouterr() == ("", "")


@pytest.mark.parametrize(("seconds", "said"), [(0.42, "0.4 s"), (59.4, "59.4 s"), (125.0, "2 min 5 s")])
def test_durations_are_said_as_people_say_them(seconds: float, said: str) -> None:
    assert clock(seconds) == said


@pytest.mark.parametrize(("size", "said"), [(0, "0.0 MB"), (12_340_000, "12.3 MB"), (4_000_000_000, "4.00 GB")])
def test_sizes_are_said_as_people_say_them(size: int, said: str) -> None:
    assert megabytes(size) == said
