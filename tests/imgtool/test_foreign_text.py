"""Odd labels, terminal escapes, secrets: what is shown, stored and named is harmless."""

from __future__ import annotations

import json
import os
import pty
import re
import sqlite3
import subprocess
import sys
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

from imgtool.dataset import folders
from tests.made import tree
from tests.street import ROOT, Ran, Said, Street, drawn, imgtool

LABELS = [
    *("../../etc", "/abs", "C:\\x", "CON", "NUL.txt", "dot.", "space ", ".", "..", ".imgtool", "~", "a/../../b"),
    *(
        "🦊",
        "\u202egpj.exe",
        "x" * 300,
        "ü" * 300,
        "a\nb",
        "cat\x1b[31m",
        "🧑‍🚀",
        "<script>alert(1)</script>",
        "%2e%2e",
    ),
]


def scrape(street: Street, out: Path, *labels: str) -> Ran:
    """One picture for each label, by an engine that has the same one for every word."""
    row = {"id": "1", "url": street.picture(1), "license": "by"}
    street.said["/v1/images/"] = Said(json.dumps({"results": [row], "page_count": 1}).encode())
    line = ("scrape", "--engine", "openverse", "--n", "1", "--out", str(out), "--", *labels)
    return imgtool(*line, XDG_CACHE_HOME=str(out.parent / "cache"), IMGTOOL_OPENVERSE_URL=street.url(""))


def test_any_label_is_a_folder_inside_the_dataset(tmp_path: Path) -> None:
    with Street() as street:
        ran = scrape(street, tmp_path / "set", *LABELS)

    assert (ran.code, "\x1b" in ran.told, "\u202e" in ran.told) == (0, False, False), ran.told
    kept = [Path(path) for path in tree(tmp_path / "set")]
    assert len(kept) == len(LABELS)
    assert all(len(path.parts) == 2 for path in kept)
    assert {path.parts[0] for path in kept} == {folders.folder(label) for label in LABELS}
    assert not any(path.parts[0].startswith("-") for path in kept)
    assert sorted(path.name for path in tmp_path.iterdir()) == ["set"]


@pytest.mark.parametrize("label", ["", "   ", "\u202e", "\n"])
def test_no_label_at_all_is_a_usage_error(tmp_path: Path, label: str) -> None:
    ran = imgtool("scrape", label, "--out", str(tmp_path / "set"))

    assert ran.code == 2
    assert "hint" in ran.err
    assert not (tmp_path / "set").exists()


def test_labels_that_differ_by_a_little_stay_two_and_two_ways_to_write_one_are_one(tmp_path: Path) -> None:
    labels = ["Fox", "fox", "a/b", "a:b", "x" * 200 + "1", "x" * 200 + "2", "\u00e9", "e\u0301"]
    with Street() as street:
        assert scrape(street, tmp_path / "set", *labels).code == 0

    found = {Path(path).parts[0] for path in tree(tmp_path / "set")}
    assert len(found) == len({name.casefold() for name in found}) == 7


SECRET, PASSWORD = "fl1ckr-s3cr3t-k3y", "pr0xy-p4ssw0rd"
ESCAPES = "\x1b]8;;http://evil\x07click\x1b]8;;\x07\x1b[2J\x1b[31m\r\nFORGED LINE\u202e[bold]\x9b31m"


def flickr(street: Street, base: str) -> None:
    row = {"id": "1", "owner": "1@N05", "title": f"cat {ESCAPES}", "license": "4", "url_o": f"{base}/p/1.jpg"}
    photos = {"photos": {"page": 1, "pages": 1, "photo": [row, row | {"id": "2", "url_o": f"{base}/odd.jpg"}]}}
    street.said["/services/rest/"] = Said(json.dumps(photos | {"stat": "ok"}).encode())
    street.said["/odd.jpg"] = Said(drawn(2), headers={"X-Robots-Tag": "noai, \xff\x9b31m", "ETag": "\xff\xfe"})


@pytest.mark.parametrize("how", [["--json"], ["-vv"], ["--dry-run"], ["-q"]])
def test_no_key_and_no_password_is_in_anything_that_is_left_behind(tmp_path: Path, how: list[str]) -> None:
    with Street() as street:
        flickr(street, "http://pictures.example")
        environ = {
            "IMGTOOL_FLICKR_KEY": SECRET,
            "IMGTOOL_FLICKR_URL": "http://flickr.example",
            "IMGTOOL_PROXY": f"http://me:{quote(PASSWORD)}@127.0.0.1:{street.port}",
            "XDG_CACHE_HOME": str(tmp_path / "cache"),
        }
        line = ["scrape", "cat", "--engine", "flickr", "--n", "1", "--out", str(tmp_path / "set"), "--no-browser"]
        ran = imgtool(*line, *how, **environ)
        asked = "".join(street.heads)

    if how != ["--dry-run"]:  # both were needed, and went where they belong
        assert SECRET in asked
        assert b64encode(f"me:{PASSWORD}".encode()).decode() in asked
        assert len(tree(tmp_path / "set")) == 1
    assert SECRET not in ran.told
    assert PASSWORD not in ran.told
    for file in (path for path in tmp_path.rglob("*") if path.is_file()):
        body = file.read_bytes()
        assert SECRET.encode() not in body, file
        assert PASSWORD.encode() not in body, file


@pytest.mark.parametrize("address", ["http://127.0.0.1:{port}/down", "http://127.0.0.1:9"])
def test_no_key_is_in_what_is_said_of_an_engine_that_cannot_be_reached(tmp_path: Path, address: str) -> None:
    with Street() as street:
        street.said["/down/services/rest/"] = Said(SECRET.encode(), 403)
        base = address.format(port=street.port)
        environ = {"IMGTOOL_FLICKR_KEY": SECRET, "IMGTOOL_FLICKR_URL": base, "XDG_CACHE_HOME": str(tmp_path / "cache")}
        line = ["scrape", "cat", "--engine", "flickr", "--n", "2", "--out", str(tmp_path / "set"), "-vv"]
        ran = imgtool(*line, **environ)

    assert ran.code == 5, ran.told
    assert SECRET not in ran.told
    assert not any(SECRET.encode() in path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())


def test_what_strangers_wrote_is_stored_and_shown_as_harmless_text(tmp_path: Path) -> None:
    with Street() as street:
        flickr(street, street.url(""))
        environ = {"IMGTOOL_FLICKR_KEY": SECRET, "IMGTOOL_FLICKR_URL": street.url("")}
        line = ["scrape", f"cat {ESCAPES}", "--query", "cat", "--engine", "flickr", "--n", "2", "--no-browser"]
        ran = imgtool(*line, "--out", str(tmp_path / "set"), **environ, XDG_CACHE_HOME=str(tmp_path / "cache"))

    assert ran.code == 3, ran.told
    assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]", ran.told)
    assert not any(line.startswith("FORGED") for line in ran.told.splitlines())
    db = sqlite3.connect(tmp_path / "set" / ".imgtool" / "catalog.sqlite")
    titles, details = zip(*db.execute("SELECT title, detail FROM source ORDER BY id"), strict=True)
    db.close()
    assert not re.search("[\x00-\x1f\x7f-\x9f\u202e]", "".join(titles))
    assert "noai" in "".join(details)


def test_on_a_terminal_nothing_foreign_moves_the_cursor(tmp_path: Path) -> None:
    with Street() as street:
        listed = tmp_path / f"list{ESCAPES.replace('/', '')}.txt"
        listed.write_text(f"{street.picture(1)}\nhttp://h/{ESCAPES}\n")
        master, slave = pty.openpty()
        line = ["scrape", "--from", str(listed), "--label", f"cat {ESCAPES}", "--out", str(tmp_path / "set")]
        code = "import sys; sys.argv[0] = 'imgtool'; from imgtool.cli import main; main()"
        environ = {**os.environ, "PYTHONPATH": ROOT, "IMGTOOL_ALLOW_PRIVATE": "1", "TERM": "xterm", "COLUMNS": "100"}
        process = subprocess.Popen(
            [sys.executable, "-c", code, *line], env=environ, stdin=slave, stdout=slave, stderr=slave, cwd="/"
        )
        os.close(slave)
        seen = b""
        while True:
            try:
                piece = os.read(master, 65536)
            except OSError:  # Linux says EIO when the last writer has gone
                break
            if not piece:
                break
            seen += piece
        assert process.wait(timeout=60) == 0, seen
        os.close(master)

    told = seen.decode()
    assert "\x1b]8" not in told
    assert "\x1b[2J" not in told
    assert "\x9b" not in told
    assert "\u202e" not in told
    assert not any(line.lstrip("\r").startswith("FORGED") for line in told.splitlines())


def test_a_reference_list_of_ours_is_no_formula_and_bad_lines_are_named(tmp_path: Path) -> None:
    with Street() as street:
        rows = [
            json.dumps({"url": street.picture(1), "title": '=cmd|"/c calc"!A1'}),
            "{broken",
            json.dumps({"url": "x" * 20_000_000}),
            json.dumps({"url": street.picture(2), "title": "\ud800\x00", "licence": "\ud800"}),
            "\x00",
        ]
        listed = tmp_path / "list.jsonl"
        listed.write_text("\n".join(rows))
        line = ["scrape", "--from", str(listed), "--label", "cat", "--out", str(tmp_path / "set"), "--json"]
        ran = imgtool(*line, XDG_CACHE_HOME=str(tmp_path / "cache"))

    assert (ran.code, len(tree(tmp_path / "set"))) == (0, 2), ran.told
    assert ran.answer["classes"][0]["skipped"] == {"bad_url": 3}
    db = sqlite3.connect(tmp_path / "set" / ".imgtool" / "catalog.sqlite")
    named = [url for (url,) in db.execute("SELECT url FROM source WHERE reason = 'bad_url' ORDER BY id")]
    db.close()
    assert named == ["list.jsonl:2", "list.jsonl:3", "list.jsonl:5"]
