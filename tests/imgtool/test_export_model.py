"""`imgtool export-model` as a process: what is written, what is said, what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.nets import model
from tests.street import Ran, imgtool

pytestmark = pytest.mark.slow  # TensorFlow starts in every process


@pytest.fixture(scope="module")
def pets(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model(tmp_path_factory.mktemp("room") / "pets.keras")


def sent(pets: Path, *args: str) -> Ran:
    return imgtool("export-model", str(pets), *args, XDG_CACHE_HOME=str(pets.parent / "cache"))


def test_a_model_is_exported_once_and_again_only_by_force(pets: Path) -> None:
    ran = sent(pets, "--to", "tflite", "--quantise", "--json")
    answer = ran.answer
    assert (ran.code, ran.err) == (0, "")
    assert answer["path"] == str(pets.with_name("pets-int8.tflite"))
    assert answer["bytes"] == pets.with_name("pets-int8.tflite").stat().st_size
    assert answer["proof"]["pictures"] == answer["proof"]["same"] == 32
    assert answer["proof"]["difference"] <= answer["proof"]["allowed"] == 0.1
    again = sent(pets, "--to", "tflite", "--quantise")
    assert again.code == 2
    assert "is there already" in again.err
    forced = sent(pets, "--to", "tflite", "--quantise", "--force")
    assert (forced.code, forced.err) == (0, "")
    assert "32 pictures asked: 32 get the same name" in " ".join(forced.out.split())


@pytest.mark.parametrize(
    ("args", "code", "words"),
    [
        (("--to", "h5", "--quantise"), 2, "no quantised form"),
        (("--to", "torch"), 2, "torch"),
        (("--to", "onnx", "--out", "/dev/null/x.onnx"), 7, "cannot be written"),
    ],
)
def test_what_makes_no_sense_is_said(pets: Path, args: tuple[str, ...], code: int, words: str) -> None:
    ran = sent(pets, *args)
    assert ran.code == code
    assert words in ran.err
    assert "Traceback" not in ran.told


def test_what_is_no_model_is_said(pets: Path, tmp_path: Path) -> None:
    (tmp_path / "x.keras").write_bytes(b"hello")
    assert "is no model" in sent(tmp_path / "x.keras", "--to", "onnx").err
    assert sent(tmp_path / "none.keras", "--to", "onnx").code == 2
