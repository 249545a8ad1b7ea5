"""`imgtool predict` as a process: a real model file, real pictures, what is printed and how it ends."""

from __future__ import annotations

import csv
import io
import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from tests.nets import LABELS, quick
from tests.painted import encoded, scene
from tests.street import Ran, Street, begun, imgtool

pytestmark = pytest.mark.slow  # the model file is made by TensorFlow, once


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a model, its quick form in a cache, and pictures."""
    room = tmp_path_factory.mktemp("room")
    quick(room / "pets.keras", room / "cache")
    for n in range(40):
        place = room / "album" / f"{n:02}.jpg"
        place.parent.mkdir(exist_ok=True)
        place.write_bytes(encoded(scene(64, 48, n), "JPEG"))
    return room


def predict(room: Path, *args: str, **environ: str) -> Ran:
    return imgtool("predict", str(room / "pets.keras"), *args, XDG_CACHE_HOME=str(room / "cache"), **environ)


def test_a_picture_gets_its_names(room: Path) -> None:
    ran = predict(room, str(room / "album" / "00.jpg"))

    assert (ran.code, ran.err) == (0, "")
    assert all(label in ran.out for label in LABELS)
    assert "%" in ran.out


def test_a_fresh_process_answers_without_tensorflow(room: Path) -> None:
    seen = "import atexit; atexit.register(lambda: print('tensorflow' in sys.modules, 'keras' in sys.modules))"

    ran = imgtool(
        "predict",
        str(room / "album" / "00.jpg"),
        "-m",
        str(room / "pets.keras"),
        before=seen,
        XDG_CACHE_HOME=str(room / "cache"),
    )

    assert ran.out.splitlines()[-1] == "False False"


def test_machines_read_what_people_read(room: Path) -> None:
    whole = predict(room, str(room / "album"), "--json").answer
    lines = [json.loads(line) for line in predict(room, str(room / "album"), "--jsonl").out.splitlines()]
    rows = list(csv.DictReader(io.StringIO(predict(room, str(room / "album"), "--csv").out)))

    assert (whole["ok"], whole["schema"], whole["labels"]) == (True, "imgtool/predict/1", list(LABELS))
    assert {len(row) for row in rows} == {6 + 2 * (len(LABELS) - 1)}
    assert None not in rows[0].values()
    assert whole["pictures"] == sum(whole["names"].values()) == 40
    assert [each["label"] for each in whole["predictions"]] == [row["label"] for row in rows]
    assert [each["picture"] for each in lines] == [str(room / "album" / f"{n:02}.jpg") for n in range(40)]
    assert sum(share["probability"] for share in lines[0]["ranked"]) == pytest.approx(1)


def test_names_come_by_a_pipe_and_answers_before_its_end(room: Path) -> None:
    line = ["predict", str(room / "pets.keras"), "-", "--jsonl"]
    # `begun` closes stdin, so the pipe is made inside
    before = "import os; r, w = os.pipe(); os.dup2(r, 0); os.write(w, b'/none.jpg\\n'); os.set_inheritable(w, False)"

    process = begun(*line, before=before, XDG_CACHE_HOME=str(room / "cache"))
    try:
        assert process.stdout
        assert json.loads(process.stdout.readline())["detail"] == "there is no such file"
        process.send_signal(signal.SIGINT)
        assert process.wait(20) == 130
    finally:
        process.kill()
        process.communicate()


def test_a_broken_picture_is_named_and_the_others_go_on(room: Path, tmp_path: Path) -> None:
    (tmp_path / "cut.jpg").write_bytes(encoded(scene(), "JPEG")[:600])

    ran = predict(room, str(room / "album" / "01.jpg"), str(tmp_path / "cut.jpg"), str(room / "album" / "02.jpg"))

    assert ran.code == 3
    assert ran.out.count("%") == 6
    assert "1 picture could not be read, the first of them" in ran.err


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("none.jpg",), 4, "there is no such file"),
        (("empty",), 4, "there is no picture in that folder"),
        (("*.nothing",), 4, "no file is called so"),
        (("http://127.0.0.1:1025/x.jpg",), 4, "the connection broke"),
        ((), 2, "No picture is named"),
        (("a.jpg", "--json", "--csv"), 2, "contradict"),
    ],
    ids=["no file", "empty folder", "no match", "dead server", "nothing", "two ways"],
)
def test_when_there_is_nothing_to_say_the_reason_is_said(
    room: Path, tmp_path: Path, words: tuple[str, ...], code: int, said: str
) -> None:
    (tmp_path / "empty").mkdir()
    paths = [str(tmp_path / word) if not word.startswith(("-", "http")) else word for word in words]

    ran = predict(room, *paths, IMGTOOL_RETRIES="0")

    assert (ran.code, said in ran.told) == (code, True), ran.told


def test_an_address_that_our_rules_forbid_is_refused(room: Path) -> None:
    ran = predict(room, "http://169.254.169.254/latest", IMGTOOL_ALLOW_PRIVATE="")

    assert (ran.code, "Our own rules say no" in ran.err) == (6, True)


@pytest.mark.parametrize(
    ("data", "said"),
    [(None, "There is no model"), (b"", "is no model"), (b"PK\x05\x06" + bytes(18), "is no model")],
    ids=["missing", "empty", "an empty archive"],
)
def test_what_is_no_model_is_said_to_be_none(tmp_path: Path, data: bytes | None, said: str) -> None:
    if data is not None:
        (tmp_path / "bad.keras").write_bytes(data)

    ran = imgtool("predict", str(tmp_path / "bad.keras"), "x.jpg")

    assert (ran.code, said in ran.err) == (2, True), ran.err


def test_names_of_strangers_do_nothing_to_the_terminal(room: Path, tmp_path: Path) -> None:
    name = "[red]\x1b]0;owned\x07\u202e.jpg"
    (tmp_path / name).write_bytes(encoded(scene(), "JPEG"))

    ran = predict(room, str(tmp_path))

    assert ran.code == 0
    assert "[red]\\x1b]0;owned" in ran.out
    assert not {"\x1b", "\x07", "\u202e"} & set(ran.out)


def test_copies_with_captions_are_kept(room: Path, tmp_path: Path) -> None:
    with Street() as street:
        ran = predict(room, str(room / "album"), street.picture(5), "--save", str(tmp_path / "out"), "--json")

    assert ran.code == 0
    saved = [Path(each["saved"]) for each in ran.answer["predictions"]]
    assert len(set(saved)) == 41
    assert all(path.read_bytes()[:2] == b"\xff\xd8" for path in saved)
    assert sorted(saved) == sorted((tmp_path / "out").iterdir())


def test_a_stop_leaves_no_process_and_no_half_file(room: Path, tmp_path: Path) -> None:
    line = ["predict", str(room / "pets.keras"), *[str(room / "album")] * 400, "--save", str(tmp_path / "out")]

    process = begun(*line, XDG_CACHE_HOME=str(room / "cache"), TMPDIR=str(tmp_path))
    try:
        while not (tmp_path / "out").is_dir() or len(list((tmp_path / "out").iterdir())) < 5:
            time.sleep(0.05)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 143
    finally:
        process.kill()
        process.communicate()

    assert [path.name for path in (tmp_path / "out").iterdir() if path.name.startswith(".")] == []
    assert [path.name for path in tmp_path.iterdir()] == ["out"]
    listed = subprocess.run(["ps", "-eo", "ppid,args"], capture_output=True, text=True, check=True).stdout
    assert f"{process.pid} " not in "".join(line for line in listed.splitlines() if "curate.darkroom" in line)


def test_thousands_of_pictures_take_no_more_memory_than_a_hundred(room: Path) -> None:
    said = "print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024)"
    peak = f"import atexit, resource; atexit.register(lambda: {said})"

    def memory(times: int) -> int:
        line = ["predict", "-m", str(room / "pets.keras"), *[str(room / "album")] * times, "--csv"]
        ran = imgtool(*line, before=peak, XDG_CACHE_HOME=str(room / "cache"))
        assert len(ran.out.splitlines()) == 40 * times + 2
        return int(ran.out.splitlines()[-1])

    assert memory(50) < memory(3) + 30  # MB: 2,000 pictures and 120
