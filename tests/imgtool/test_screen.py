"""What a command says, where, and what it never says."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import pytest

from imgtool.cli.screen import Screen
from imgtool.errors import ImgtoolError, NothingFound, UsageError

KEY = "s3cr3t-k3y-0123456789"
Output = pytest.CaptureFixture[str]


@dataclass(frozen=True, slots=True)
class Finding:
    name: str
    size: int
    secret: str = field(default="", repr=False)


def closed(screen: Screen, capsys: Output, error: ImgtoolError | None = None) -> dict[str, object]:
    screen.close(error)
    found: dict[str, object] = json.loads(capsys.readouterr().out)
    return found


def test_an_object_says_schema_ok_and_what_was_found(capsys: Output) -> None:
    screen = Screen("scrape", json=True)
    screen.result({"findings": (Finding("cat", 3, "x"),), "names": {"b", "a"}}, lambda: "never drawn")
    assert closed(screen, capsys) == {
        "schema": "imgtool/scrape/1",
        "ok": True,
        "findings": [{"name": "cat", "size": 3}],
        "names": ["a", "b"],
    }


def test_an_error_joins_what_was_found(capsys: Output) -> None:
    screen = Screen("config show", json=True)
    screen.result({"kept": 0}, lambda: "never drawn")
    assert closed(screen, capsys, NothingFound("None.", hint="Look elsewhere.")) == {
        "schema": "imgtool/config-show/1",
        "ok": False,
        "kept": 0,
        "error": {"kind": "NothingFound", "message": "None.", "hint": "Look elsewhere.", "exit_code": 4},
    }


def test_an_object_is_ascii_whatever_is_in_it(capsys: Output) -> None:
    screen = Screen("scrape", json=True)
    screen.result({"title": "\x9b2J \u202e Fuß \udcff"}, lambda: "never drawn")
    screen.close()
    assert capsys.readouterr().out.isascii()


def test_people_get_message_and_hint_on_stderr(capsys: Output) -> None:
    code = Screen("scrape").close(UsageError("No\nclass.", hint="Name one."))
    out, err = capsys.readouterr()
    assert (code, out, err) == (2, "", "error: No\\nclass.\nhint: Name one.\n")


def test_quiet_keeps_remarks_but_not_warnings_and_results(capsys: Output) -> None:
    screen = Screen("scrape", quiet=True)
    screen.note("a remark")
    screen.warn("a warning")
    screen.result({}, lambda: "a result")
    assert capsys.readouterr() == ("a result\n", "a warning\n")


@pytest.mark.parametrize("json_wanted", [True, False])
def test_no_output_holds_a_key(capsys: Output, json_wanted: bool) -> None:
    screen = Screen("scrape", json=json_wanted)
    screen.secrets = (KEY,)
    screen.note(f"asked https://api.example.org/rest?api_key={KEY}")
    screen.warn(f"via http://me:{KEY}@proxy")
    screen.result({"url": f"https://x/?key={KEY}", KEY: KEY}, lambda: screen.safe(KEY))
    screen.close(UsageError(f"{KEY} is wrong", hint=f"not {KEY}"))
    out, err = capsys.readouterr()
    assert out
    assert KEY not in out + err


def test_without_a_person_a_question_is_a_usage_error() -> None:
    with pytest.raises(UsageError, match="Really"):
        Screen("scrape", asks=False).confirm("Really?", yes=False)


def test_yes_is_an_answer() -> None:
    Screen("scrape", asks=False).confirm("Really?", yes=True)
