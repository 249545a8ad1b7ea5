"""`bundle`: what lies in it, what it asks for, what it never does; test_bundle_runs.py starts one."""

from __future__ import annotations

import json
import subprocess
import zipfile
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path

import pytest

from classify.file import Classifier, lite, start
from imgtool.cli.main import run
from imgtool.errors import ImgtoolError, StorageError, UsageError
from imgtool.pipeline.bundle import Wish, bundle, copied
from imgtool.pipeline.bundling import wheel
from imgtool.pipeline.bundling.pins import SERVING, pinned
from imgtool.pipeline.bundling.texts import Served, knows, printable
from tests.made import tree
from tests.nets import card, model

ODD = "my 'pets' $HOME @PAIR@ \"x\""


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A model with its quick form, and a report."""
    room = tmp_path_factory.mktemp("room")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("XDG_CACHE_HOME", str(room / "cache"))
        model(room / "pets.keras", metrics={"accuracy": 0.98, "low": 0.93, "high": 0.994, "tested": 100.0})
        (room / "pets-report").mkdir()
        (room / "pets-report" / "index.html").write_text("<p>98 %")
        made = bundle([room / "pets.keras"], Wish(wheels=False))
        assert made.slow == ()
        yield room


@pytest.fixture
def pets(room: Path) -> Path:
    return room / "pets.keras"


def test_it_holds_the_model_its_quick_form_its_report_and_imgtool(pets: Path) -> None:
    made = pets.with_name("pets-bundle")
    digest = Classifier.load(pets).digest
    assert sorted(tree(made)) == [
        "README.md",
        f"cache/imgtool/models/{start.place(digest).name}",
        "models/pets-report/index.html",
        "models/pets.keras",
        "requirements.txt",
        "run",
        f"wheels/{wheel.FILE}",
    ]
    assert (made / "models" / "pets.keras").read_bytes() == pets.read_bytes()
    assert (made / "run").stat().st_mode & 0o111
    assert "98.0% of 100 pictures right that it had never seen (93.0% to 99.4%)" in (made / "README.md").read_text()


def test_its_requirements_are_what_runs_here_without_tensorflow(pets: Path) -> None:
    lines = (pets.with_name("pets-bundle") / "requirements.txt").read_text().splitlines()
    versions = dict(line.split("==") for line in lines)
    assert versions.pop(wheel.NAME) == wheel.VERSION
    assert versions == pinned(SERVING)
    assert all(metadata.version(name) == version for name, version in versions.items())
    assert not {"tensorflow", "keras", "scipy", "scikit-learn"} & versions.keys()
    assert {"numpy", "h11", "markupsafe"} <= versions.keys()  # those that others need too


def test_what_is_not_installed_here_cannot_be_bundled() -> None:
    with pytest.raises(UsageError, match="Not installed here: no-such-package"):
        pinned(("numpy", "no-such-package"))


def test_our_wheel_asks_for_these_versions_and_records_every_file(tmp_path: Path) -> None:
    made = wheel.own_wheel(tmp_path, {"numpy": "2.4.6"})
    with zipfile.ZipFile(made) as archive:
        names = archive.namelist()
        head = archive.read(f"{wheel.INFO}/METADATA").decode()
        rows = dict(line.split(",", 1) for line in archive.read(f"{wheel.INFO}/RECORD").decode().splitlines())
        assert all(rows[name].startswith(f"sha256={wheel.digest(archive.read(name))},") for name in names[:-1])
    assert "Version: 0.1.0+serve\n" in head
    assert head.count("Requires-Dist:") == 1
    assert "Requires-Dist: numpy==2.4.6" in head
    assert set(rows) == set(names)
    assert {"imgtool/__main__.py", "imgtool/pipeline/bundling/run.sh", "imgtool/web/static/look.css"} <= set(names)
    assert {f"{wheel.INFO}/entry_points.txt", f"{wheel.INFO}/licenses/LICENSE"} <= set(names)
    assert not [name for name in names if "__pycache__" in name or name.startswith("tests/")]


def test_the_same_files_make_the_same_wheel(tmp_path: Path) -> None:
    (tmp_path / "again").mkdir()
    one, two = wheel.own_wheel(tmp_path, {}), wheel.own_wheel(tmp_path / "again", {})
    assert one.read_bytes() == two.read_bytes()


def test_an_imgtool_that_is_not_installed_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wheel, "NAME", "no-such-package")
    with pytest.raises(UsageError, match="not installed here"):
        wheel.own_wheel(tmp_path, {})


def test_a_report_can_be_left_out(pets: Path, tmp_path: Path) -> None:
    bundle([pets], Wish(wheels=False, out=tmp_path / "it", report=False))
    assert not list((tmp_path / "it").rglob("*report*"))
    assert "pictures of its training set" not in (tmp_path / "it" / "README.md").read_text()


def test_one_for_docker_has_a_dockerfile_that_starts_the_same(pets: Path, tmp_path: Path) -> None:
    bundle([pets], Wish(wheels=False, to="docker", out=tmp_path / "it"))
    lines = (tmp_path / "it" / "Dockerfile").read_text().splitlines()
    entry = json.loads(next(line for line in lines if line.startswith("ENTRYPOINT")).partition(" ")[2])
    assert entry[:7] == ["python", "-I", "-m", "imgtool", "serve", "models/pets.keras", "--host"]
    assert "USER 10001" in lines
    assert any(line.startswith("HEALTHCHECK") for line in lines)
    assert "127.0.0.1:8000:8000" in (tmp_path / "it" / "README.md").read_text()


def test_any_name_of_a_model_is_one_word_to_the_shell_and_to_docker(pets: Path, tmp_path: Path) -> None:
    odd = tmp_path / f"{ODD}.keras"
    odd.write_bytes(pets.read_bytes())
    made = bundle([odd, pets], Wish(wheels=False, to="docker", out=tmp_path / "it")).path
    script = (made / "run").read_text()
    told = script.replace('exec "$venv/bin/python"', "printf '%s\\n'").partition("if ! [ -e")[0]
    told += "printf '%s\\n' " + script.rpartition("imgtool serve ")[2]
    ran = subprocess.run(["/bin/sh", "-c", told, str(made / "run"), "--port", "0"], capture_output=True, text=True)
    assert ran.stdout.splitlines() == [
        f"{made}/models/{ODD}.keras",
        f"{made}/models/pets.keras",
        "--port",
        "0",
    ]
    docker = (made / "Dockerfile").read_text()
    assert json.loads(docker.partition("ENTRYPOINT ")[2])[5] == f"models/{ODD}.keras"


def test_the_script_is_understood_by_a_plain_shell(pets: Path) -> None:
    assert subprocess.run(["/bin/sh", "-n", str(pets.with_name("pets-bundle") / "run")]).returncode == 0


def test_without_the_right_python_the_script_says_which(pets: Path, tmp_path: Path) -> None:
    made = pets.with_name("pets-bundle")
    ran = subprocess.run(["/bin/sh", made / "run"], env={"PATH": str(tmp_path)}, capture_output=True, text=True)
    assert ran.returncode == 1
    assert ran.stderr.startswith("This needs Python 3.")
    assert not (made / ".venv").exists()


def test_what_is_there_is_never_overwritten(pets: Path, tmp_path: Path) -> None:
    place = tmp_path / "it"
    place.mkdir()
    (place / "mine.txt").write_text("mine")
    for force in (False, True):
        with pytest.raises(UsageError, match="is there"):
            bundle([pets], Wish(wheels=False, out=place, force=force))
    assert tree(place) == {"mine.txt": b"mine"}


def test_an_earlier_bundle_is_replaced_by_force_alone(pets: Path, tmp_path: Path) -> None:
    place = bundle([pets], Wish(wheels=False, to="docker", out=tmp_path / "it")).path
    with pytest.raises(UsageError, match="is there already"):
        bundle([pets], Wish(wheels=False, out=place))
    bundle([pets], Wish(wheels=False, out=place, force=True))
    assert not (place / "Dockerfile").exists()
    assert [each.name for each in tmp_path.iterdir()] == ["it"]


@pytest.mark.slow
def test_wheels_that_cannot_be_had_leave_nothing_behind(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(ImgtoolError, match="pip did not get the wheels: No matching distribution found for") as told:
        bundle([pets], Wish(out=tmp_path / "it", wheels=True))
    assert "With --no-wheels" in told.value.hint
    assert list(tmp_path.iterdir()) == []


def test_a_network_without_a_quick_form_brings_tensorflow(
    pets: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def never(*_: object, **__: object) -> bytes:
        raise lite.Unfit("not this one")

    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "empty"))
    monkeypatch.setattr(start, "converted", never)
    made = bundle([pets], Wish(wheels=False, out=tmp_path / "it"))
    assert made.slow == ("pets",)
    assert made.packages["tensorflow"] == metadata.version("tensorflow")
    assert "TensorFlow with it" in (tmp_path / "it" / "README.md").read_text()


@pytest.mark.parametrize(
    ("models", "wish", "words"),
    [
        ([], Wish(), "No model is named"),
        (["pets.keras", "pets.keras"], Wish(), "Two models are called pets"),
        ([], Wish(digits=Path("pets.keras")), "a model of pictures, not of digits"),
        (["absent.keras"], Wish(), "There is no model"),
    ],
)
def test_what_makes_no_sense_is_said(
    pets: Path, monkeypatch: pytest.MonkeyPatch, models: list[str], wish: Wish, words: str
) -> None:
    monkeypatch.chdir(pets.parent)
    before = tree(pets.parent)
    with pytest.raises(UsageError, match=words):
        bundle(models, wish)
    assert tree(pets.parent) == before


def test_a_file_that_changed_meanwhile_is_not_taken(pets: Path, tmp_path: Path) -> None:
    known = Classifier.load(pets)
    (tmp_path / "pets.keras").write_bytes(pets.read_bytes() + b" ")
    known.path = tmp_path / "pets.keras"
    with pytest.raises(StorageError, match="has changed"):
        copied(known, tmp_path)


def test_foreign_names_stay_in_their_line() -> None:
    assert printable("a\x1b[31m\nb") == "a [31m b"
    assert "\n" not in knows(Served("pets", card(labels=("a\nb", "c")), digits=False, report=False))


def test_the_command_says_what_it_made(pets: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["bundle", str(pets), "--to", "docker", "--out", str(tmp_path / "it"), "--no-wheels", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["models"] == ["pets"]
    assert told["path"] == str(tmp_path / "it")
    assert told["tensorflow_for"] == []
    assert told["offline"] is False
    assert told["packages"]["numpy"] == metadata.version("numpy")
    assert run(["bundle", str(pets), "--to", "folder", "--no-wheels", "--out", str(tmp_path / "that")]) == 0
    assert "There: sh run" in capsys.readouterr().out
    assert run(["bundle", str(pets), "--to", "zip"]) == 2
