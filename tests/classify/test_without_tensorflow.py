"""Where TensorFlow is left out: a quick form answers without it, and what cannot says so."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from classify.file import Classifier
from tests.nets import model, pictures
from tests.street import ROOT

CUT = "import sys; sys.modules.update(tensorflow=None, keras=None, h5py=None, scipy=None, sklearn=None); "
ASK = (
    "from classify.file import Classifier; from tests.nets import pictures; "
    "m = Classifier.load(sys.argv[1]); print(m.probabilities(m.answers(pictures())).argmax(axis=1).tolist())"
)


@pytest.fixture(scope="module")
def room(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return model(tmp_path_factory.mktemp("room") / "pets.keras").parent


def asked(room: Path, cache: str) -> subprocess.CompletedProcess[str]:
    environ = {"PYTHONPATH": ROOT, "XDG_CACHE_HOME": str(room / cache)}
    line = [sys.executable, "-c", CUT + ASK, str(room / "pets.keras")]
    return subprocess.run(line, env=environ, capture_output=True, text=True)


def test_a_quick_form_answers_without_it(room: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(room / "cache"))
    known = Classifier.load(room / "pets.keras")
    said = known.probabilities(known.answers(pictures())).argmax(axis=1).tolist()
    ran = asked(room, "cache")
    assert (ran.returncode, ran.stdout.strip()) == (0, str(said)), ran.stderr


def test_a_model_without_one_says_what_it_lacks(room: Path) -> None:
    ran = asked(room, "nothing")
    assert "ImgtoolError: This needs TensorFlow, and there is no h5py here." in ran.stderr
