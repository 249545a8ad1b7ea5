"""The description that machines read is true: schemathesis asks what it allows, and what it forbids."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from imgtool.web.serve.openapi import document
from tests.hall import Served, running

ROOT = Path(__file__).parents[2]
EXAMPLES = 15  # of each question
CONFIG = """
[checks]
positive_data_acceptance.expected-statuses = [200, 403, 404, 413, 415, 422]
negative_data_rejection.expected-statuses = [400, 401, 403, 404, 405, 413, 415, 422]
"""  # a picture of the right form may be broken, an address may not be wanted; too many of anything is 413
HOOKS = """
import base64
import schemathesis
from hypothesis import strategies as st
from tests.hall import BLUE, GREEN, RED, plain

SENT = st.sampled_from([plain(RED), plain(GREEN, kind="JPEG"), plain(BLUE, kind="WEBP"), plain(RED)[:90], b"<svg>"])
schemathesis.openapi.format("binary", SENT)
schemathesis.openapi.format("picture", SENT.map(lambda data: base64.b64encode(data).decode()))
for kind in ("image/*", "image/png", "application/octet-stream"):
    schemathesis.openapi.media_type(kind, SENT)
"""


@pytest.fixture(scope="module")
def served() -> Iterator[Served]:
    with running() as one:
        yield one


@pytest.mark.slow
def test_what_the_description_says_is_so(served: Served, tmp_path: Path) -> None:
    (tmp_path / "hooks.py").write_text(HOOKS)
    (tmp_path / "schemathesis.toml").write_text(CONFIG)
    run = [sys.executable, "-m", "schemathesis.cli", "--config-file", "schemathesis.toml", "run"]
    how = ["--max-examples", str(EXAMPLES), "--seed", "1", "--no-color", "--request-timeout", "30"]
    done = subprocess.run(
        [*run, served.at + "/api/openapi.json", *how],
        env=os.environ | {"PYTHONPATH": f"{tmp_path}:{ROOT}", "SCHEMATHESIS_HOOKS": "hooks"},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=170,
    )
    assert done.returncode == 0, done.stdout + done.stderr


def test_every_question_of_the_interface_is_described(served: Served) -> None:
    assert served.get("/api/openapi.json").json() == document()
    for path, ways in document()["paths"].items():  # type: ignore[attr-defined]
        if "get" in ways:
            assert served.get(path).status_code == 200
