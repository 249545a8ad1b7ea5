"""Keras starts late, quietly, and as all of `classify` counts on."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from classify import runtime


def run(code: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=os.environ | environ)


def test_classify_is_imported_without_anything_heavy() -> None:
    code = "import sys, classify.runtime; print(*sorted({'keras', 'tensorflow', 'sklearn', 'h5py'} & set(sys.modules)))"
    assert run(code).stdout.split() == []


def test_nothing_of_its_start_reaches_the_terminal_and_a_foreign_keras_json_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / ".keras"
    home.mkdir()
    (home / "keras.json").write_text('{"backend": "torch", "floatx": "float16", "image_data_format": "channels_first"}')
    code = """
from classify.runtime import device, keras, seeded
k = keras()
seeded(3); first = k.random.normal((2,)); seeded(3); again = k.random.normal((2,))
print(k.config.backend(), k.config.floatx(), k.config.image_data_format(), bool((first == again).numpy().all()))
print(device())
"""
    done = run(code, KERAS_HOME=str(home), HOME=str(tmp_path), KERAS_BACKEND="torch")
    assert done.stderr == ""
    told, where = done.stdout.splitlines()
    assert told == "tensorflow float32 channels_last True"
    assert where


def test_what_libraries_say_is_heard_when_they_fail(capfd: pytest.CaptureFixture[str]) -> None:
    with runtime.quiet():
        os.write(2, b"chatter\n")
    assert capfd.readouterr().err == ""
    with pytest.raises(ImportError):
        fail()
    assert capfd.readouterr().err == "libcuda is broken\n"


def fail() -> None:
    with runtime.quiet():
        os.write(2, b"libcuda is broken\n")
        raise ImportError


def test_versions_are_known_without_starting_anything() -> None:
    assert set(runtime.versions()) == {"imgtool", "keras", "tensorflow", "numpy"}
