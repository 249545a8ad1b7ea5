"""The curating commands as processes: what they print, how they end, and what a kill leaves."""

from __future__ import annotations

import json
import os
import signal
import time
from pathlib import Path

import pytest

from tests.drawn import classes, exact, faulty, jpeg, put
from tests.street import Ran, begun, imgtool

# Root may write anywhere; without its capabilities it is a user like others.
NO_PRIVILEGE = "import ctypes; ctypes.CDLL(None).capset((ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)())"
# Dies at the renaming of the N-th file.
KILLED = """import os
rename, left = os.rename, [{0}]
def fatal(*args, **more):
    left[0] -= 1
    if left[0] < 0: os.kill(os.getpid(), 9)
    return rename(*args, **more)
os.rename = fatal"""
COMMANDS = (
    ("check",),
    ("dedupe", "--dry-run"),
    ("split", "--dry-run"),
    ("info",),
    ("augment",),
    ("export", "--to", "tree", "--dry-run"),
)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return faulty(tmp_path / "data")


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: command[0])
def test_each_command_says_one_object_and_changes_nothing(data: Path, command: tuple[str, ...]) -> None:
    imgtool("split", str(data))
    before = exact(data)
    name, *more = command

    ran = imgtool(name, str(data), *more, "--json")

    assert (ran.code, ran.answer["schema"], ran.answer["ok"]) == (0, f"imgtool/{name}/1", True)
    assert exact(data) == before


def test_the_way_of_a_new_user(data: Path, tmp_path: Path) -> None:
    page, out, sheet = tmp_path / "check.html", tmp_path / "out", tmp_path / "sheet.png"
    folder = str(data)
    steps = [
        ("check", folder, "--report", str(page)),
        ("check", folder, "--remove", "broken,blank", "--fix-names"),
        ("dedupe", folder, "--dry-run"),
        ("dedupe", folder),
        ("undo", folder, "--list"),
        ("split", folder),
        ("augment", folder, "--preview", "--out", str(sheet)),
        ("export", folder, "--to", "tree", "--size", "64", "--per-class", "12", "--out", str(out)),
        ("info", folder),
    ]

    ran = [imgtool(*step) for step in steps]

    assert [each.code for each in ran] == [0] * len(steps), [each.err for each in ran if each.code]
    checked, cleaned, shown, done, listed, split, _, exported, told = ran
    assert "cut.jpg" in checked.out
    assert "cat/blank.png" in checked.out
    assert "3 taken out and 1 renamed: change 1." in cleaned.out
    assert "2 duplicates in 2 groups" in shown.out
    assert "Of two classes, and left in both" in shown.out
    assert "2 taken out: change 2." in done.out
    assert "dedupe" in listed.out
    assert "0 leaks" in split.out
    assert "lock" in exported.out
    assert "18 pictures in 2 class folders" in told.out
    assert page.stat().st_size > 2000
    assert sheet.read_bytes().startswith(b"\x89PNG")
    assert len(list((out / "train" / "cat").iterdir())) == 12


def test_it_fits_into_eighty_columns(data: Path) -> None:
    put(data, "cat/a name that somebody gave with much love and many, many words.jpg", jpeg(0))
    for command in COMMANDS:
        ran = imgtool(command[0], str(data), *command[1:])
        assert max(map(len, ran.out.splitlines()), default=0) <= 80, command


def test_foreign_names_cannot_speak_to_the_terminal(data: Path) -> None:
    put(data, "dog/\x1b[31mred\u202egpj.exe.jpg", b"no picture")
    put(data, "dog/[bold]x[bold]\n.jpg", jpeg(1000))

    told = imgtool("check", str(data), COLUMNS="200").told
    told += imgtool("dedupe", str(data), "--dry-run", COLUMNS="200").told

    assert "\x1b" not in told
    assert "\u202e" not in told
    assert "[bold]x[bold]\\n.jpg" in told


def test_quiet_says_the_result_alone(data: Path) -> None:
    ran = imgtool("check", str(data), "--quiet")
    assert (ran.code, ran.err) == (0, "")
    assert "cut.jpg" in ran.out


@pytest.mark.parametrize(
    ("line", "said"),
    [
        (("check", "{0}", "--remove", "ugly"), "There is no check 'ugly'"),
        (("dedupe", "{0}", "--keep", "prettiest"), "prettiest"),
        (("dedupe", "{0}", "--within", "65"), "--within"),
        (("split", "{0}", "--train", "0.8", "--test", "0.5"), "train 0.8, test 0.5"),
        (("split", "{0}", "--train", "2"), "--train"),
        (("undo", "{0}"), "never changed anything"),
        (("undo", "{0}", "--list", "--change", "3"), "--list undoes nothing"),
        (("export", "{0}"), "--to"),
        (("export", "{0}", "--to", "zip"), "'npz', 'tree'"),
        (("export", "{0}", "--to", "tree"), "imgtool split"),
        (("export", "{0}", "--to", "tree", "--no-flip", "unicorn"), "no class 'unicorn'"),
        (("augment", "{0}", "--preview", "--preset", "wild", "--out", "/tmp/x.png"), "'wild'"),
        (("augment", "{0}", "--preview", "--out", "x.gif"), "PNG"),
        (("check", "{0}/none"), "There is no folder"),
        (("info", "{0}/none"), "There is no folder"),
        (("undo", "{0}/none"), "There is no folder"),
        (("check",), "DATA"),
    ],
)
def test_what_makes_no_sense_is_said_with_2(data: Path, line: tuple[str, ...], said: str) -> None:
    ran = imgtool(*(part.format(data) for part in line))
    assert ran.code == 2, ran.told
    assert said in ran.err


def test_a_folder_that_cannot_be_written_is_said_with_7(data: Path) -> None:
    data.chmod(0o555)
    ran = imgtool("check", str(data), before=NO_PRIVILEGE)
    data.chmod(0o755)

    assert ran.code == 7
    assert f"{data} cannot be written: Permission denied" in ran.err.replace("\n", " ")
    assert not (data / ".imgtool").exists()


def test_a_removal_that_fails_midway_leaves_every_original_in_place(data: Path) -> None:
    put(data, "dog/copy of 1.jpg", jpeg(1001))
    imgtool("check", str(data))
    before = exact(data)
    (data / "dog").chmod(0o555)  # the cats can be moved, the dogs cannot

    ran = imgtool("dedupe", str(data), before=NO_PRIVILEGE)
    (data / "dog").chmod(0o755)

    assert ran.code == 7
    assert "could not be moved: Permission denied. Nothing was changed." in ran.err
    assert exact(data) == before
    assert imgtool("undo", str(data)).code == 2  # nothing happened, so nothing is undone
    assert "2 taken out" not in ran.out
    assert imgtool("dedupe", str(data), "--json").answer["extra"] == 3


def test_a_file_that_may_not_be_read_is_not_called_broken(data: Path) -> None:
    (data / "cat/3.jpg").chmod(0)
    first = imgtool("check", str(data), "--json", before=NO_PRIVILEGE).answer
    (data / "cat/3.jpg").chmod(0o644)
    second = imgtool("check", str(data), "--json", before=NO_PRIVILEGE).answer

    assert first["unread"] == ["cat/3.jpg"]
    assert "cat/3.jpg" not in [file["path"] for file in first["broken"]]
    assert (second["unread"], second["looked"]) == ([], 1)


def test_a_second_writer_is_told_who_holds_it(data: Path) -> None:
    from imgtool.dataset import Dataset

    with Dataset.open(data) as dataset, dataset.writing():
        ran = imgtool("dedupe", str(data), "--json")

    assert (ran.code, ran.answer["error"]["kind"]) == (7, "DatasetBusy")


@pytest.mark.slow
@pytest.mark.parametrize("files", [0, 1, 3, 5])
def test_a_kill_in_the_middle_is_turned_back_by_undo(data: Path, files: int) -> None:
    for number in range(4):
        put(data, f"dog/again {number}.jpg", jpeg(1000 + number))
    imgtool("check", str(data), "--remove", "blank")
    before = exact(data)

    killed = imgtool("dedupe", str(data), before=KILLED.format(files))
    undone = imgtool("undo", str(data), "--json")

    assert killed.code == -signal.SIGKILL
    assert (undone.code, undone.answer["turned_back"], undone.answer["change"]) == (0, 1, None)
    assert exact(data) == before
    assert imgtool("dedupe", str(data), "--json").answer["extra"] == 6
    imgtool("undo", str(data))
    assert exact(data) == before


@pytest.mark.slow
def test_killed_at_any_moment_nothing_is_lost(tmp_path: Path) -> None:
    data = classes(tmp_path / "data", 10)
    for number in range(10):
        put(data, f"cat/again {number}.jpg", jpeg(number))
    before = exact(data)
    for moment in range(6):
        process = begun("dedupe", str(data))
        time.sleep(0.1 + 0.25 * moment)  # while it starts, looks, compares, moves, ends
        os.kill(process.pid, signal.SIGKILL)
        process.communicate()

        imgtool("check", str(data))
        while imgtool("undo", str(data)).code == 0:
            pass
        assert exact(data) == before


def test_what_is_printed_of_a_change_can_be_read_by_machines(data: Path) -> None:
    done: Ran = imgtool("dedupe", str(data), "--json")

    moves = done.answer["change"]["moves"]

    assert [(move["from"], move["reason"]) for move in moves] == [
        ("cat/copy of 0.jpg", "duplicate"),
        ("cat/small 1.jpg", "duplicate"),
    ]
    assert all((data / move["to"]).is_file() for move in moves)
    assert (
        json.loads(imgtool("undo", str(data), "--list", "--json").out)["changes"][0]["id"]
        == done.answer["change"]["id"]
    )
