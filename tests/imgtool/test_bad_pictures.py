"""One list with everything that can be wrong with a picture: each gets its reason, the good ones are kept."""

from __future__ import annotations

import gzip
import signal
import sqlite3
import time
from pathlib import Path

import pytest

from tests.made import tree
from tests.painted import encoded, gif_of, png_of, scene
from tests.street import Ran, Said, Street, begun, drawn, imgtool

PHOTO = encoded(scene(200, 160, seed=77), "JPEG")
JPEG = {"Content-Type": "image/jpeg"}
LOGO = encoded(scene(200, 160, seed=78), "PNG")
REMOVED = encoded(scene(150, 150, seed=79), "GIF")
BAD: dict[str, tuple[Said, str]] = {
    "/404.jpg": (Said(b"", 404), "gone"),
    "/410.jpg": (Said(b"", 410), "gone"),
    "/451.jpg": (Said(b"", 451), "legal"),
    "/403.jpg": (Said(b"", 403), "http_4xx"),
    "/503.jpg": (Said(b"", 503, {"Retry-After": "0"}), "http_5xx"),
    "/429.jpg": (Said(b"", 429, {"Retry-After": "0"}), "rate_limited"),
    "/page.jpg": (Said(b"<!DOCTYPE html><title>Please log in</title>" * 9, headers=JPEG), "not_image"),
    "/json.jpg": (Said(b'{"error": "no such picture", "code": 404}' * 9, headers=JPEG), "not_image"),
    "/empty.jpg": (Said(b"", headers=JPEG), "not_image"),
    "/byte.jpg": (Said(b"\xff", headers=JPEG), "not_image"),
    "/head.png": (Said(b"\x89PNG\r\n\x1a\n", headers=JPEG), "not_image"),
    "/pixel.gif": (Said(gif_of(1, 1)), "too_small"),
    "/half.jpg": (Said(PHOTO[: len(PHOTO) // 2]), "truncated"),
    "/half.png": (Said(LOGO[: len(LOGO) // 2]), "truncated"),
    "/half.webp": (Said(encoded(scene(200, 160, seed=80), "WEBP")[:-200]), "truncated"),
    "/bomb.png": (Said(png_of(60_000, 60_000)), "too_many_pixels"),
    "/pixels.png": (Said(png_of(9_000, 9_000, 8, 0, bytes(9_001 * 9_000))), "too_many_pixels"),
    "/frames.gif": (Said(gif_of(10_000)), "too_many_frames"),
    "/thin.png": (Said(png_of(65_535, 1, 8, 0, bytes(65_536))), "bad_aspect"),
    "/drawing.svg": (Said(b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>"), "unsupported"),
    "/pack.jpg": (Said(gzip.compress(bytes(80_000_000)), headers={"Content-Encoding": "gzip"}), "decode_bomb"),
    "/loop.jpg": (Said(b"", 302, {"Location": "/loop.jpg"}), "too_many_redirects"),
    "/file.jpg": (Said(b"", 302, {"Location": "file:///etc/passwd"}), "bad_url"),
    "/inner.jpg": (Said(b"", 302, {"Location": "http://169.254.169.254/latest"}), "blocked_address"),
    "/mail.jpg": (Said(b"", 302, {"Location": "http://127.0.0.1:25/"}), "blocked_port"),
    "/noai.jpg": (Said(PHOTO, headers={"X-Robots-Tag": "noai"}), "opt_out"),
    "/tdm.jpg": (Said(PHOTO, headers={"tdm-reservation": "1"}), "opt_out"),
    "/usage.jpg": (Said(PHOTO, headers={"Content-Usage": "train-ai=n"}), "opt_out"),
    "/members/1.jpg": (Said(PHOTO), "robots"),
}
ODD = ["javascript:alert(1)", "file:///etc/passwd", "blob:http://h/1", "../../etc/passwd", "http://h/a\rX-Evil: 1"]
INNER = [
    "http://2130706433/1.jpg",
    "http://0x7f.1/2.jpg",
    "http://[::ffff:127.0.0.1]/3.jpg",
    "http://169.254.169.254/4",
]


def scrape(tmp_path: Path, *urls: str, label: str = "cat", **environ: str) -> Ran:
    listed = tmp_path / "list.txt"
    listed.write_text("\n".join(urls))
    line = ("scrape", "--from", str(listed), "--label", label, "--out", str(tmp_path / "set"), "--json")
    return imgtool(*line, XDG_CACHE_HOME=str(tmp_path / "cache"), **environ)


def reasons(tmp_path: Path) -> dict[str, str]:
    db = sqlite3.connect(tmp_path / "set" / ".imgtool" / "catalog.sqlite")
    found = dict(db.execute("SELECT url, reason FROM source"))
    db.close()
    return found


def test_whatever_is_wrong_has_its_reason_and_the_rest_is_kept(tmp_path: Path) -> None:
    with Street() as street:
        street.said = {path: said for path, (said, _) in BAD.items()}
        street.said["/robots.txt"] = Said(b"User-agent: *\nDisallow: /members/\n")
        good = [street.picture(number) for number in range(12)]
        bad = [street.url(path) for path in BAD]
        mixed = [url for pair in zip(good, bad[:12], strict=True) for url in pair] + bad[12:]
        again = [street.picture(3), street.url("/p/4.jpg?copy"), *ODD, *INNER]

        ran = scrape(tmp_path, *mixed, *again)

        found = reasons(tmp_path)
        assert {path: found[street.url(path)] for path in BAD} == {path: reason for path, (_, reason) in BAD.items()}
        assert "duplicate_bytes" in found.values()
        assert sum(reason == "bad_url" for reason in found.values()) == 1 + len(ODD)
        assert all(found[url] == "blocked_address" for url in INNER if url in found)
        assert street.log["/members/1.jpg"] == 0
        assert not any("X-Evil" in head for head in street.heads)

    assert (ran.code, len(tree(tmp_path / "set"))) == (0, 12)
    assert not list((tmp_path / "set" / ".imgtool" / "tmp").iterdir())


def test_a_file_gets_the_extension_of_what_it_is(tmp_path: Path) -> None:
    with Street() as street:
        kinds = {"/a.jpg": "GIF", "/b.png": "WEBP", "/c": "PNG", "/d.html": "JPEG"}
        drawings = {path: encoded(scene(200, 160, seed=n), kind) for n, (path, kind) in enumerate(kinds.items())}
        street.said = {path: Said(body, headers={"Content-Type": "text/html"}) for path, body in drawings.items()}
        ran = scrape(tmp_path, *map(street.url, kinds))

    assert ran.code == 0
    assert {Path(path).suffix for path in tree(tmp_path / "set")} == {".gif", ".webp", ".png", ".jpg"}


def test_the_same_placeholder_under_unrelated_addresses_is_none_of_the_class(tmp_path: Path) -> None:
    with Street() as street:
        street.said = {f"/was/{n}.gif": Said(REMOVED) for n in range(4)}
        rows = [f'"{street.url(f"/was/{n}.gif")}",{600 + n},{400 + n}' for n in range(4)]
        listed = tmp_path / "list.csv"
        listed.write_text("\n".join(["url,width,height", *rows, f'"{street.picture(1)}",160,120']))
        line = ("scrape", "--from", str(listed), "--label", "cat", "--out", str(tmp_path / "set"), "--json")
        ran = imgtool(*line, XDG_CACHE_HOME=str(tmp_path / "cache"))

    assert (ran.code, list(tree(tmp_path / "set").values())) == (0, [drawn(1)])
    assert ran.answer["classes"][0]["skipped"] == {"placeholder": 4} or "placeholder" in reasons(tmp_path).values()


def test_ones_own_network_is_asked_only_when_allowed(tmp_path: Path) -> None:
    with Street() as street:
        urls = [
            street.picture(1),
            street.url("/p/2.jpg", "localhost"),
            *INNER,
            "http://[::1]/1.jpg",
            "http://10.0.0.1/",
        ]
        ran = scrape(tmp_path, *urls, IMGTOOL_ALLOW_PRIVATE="0")

        assert ran.code == 6
        assert set(reasons(tmp_path).values()) == {"blocked_address"}
        assert "--allow-private" in ran.answer["error"]["hint"]
        assert not street.heads


@pytest.mark.parametrize("pause", [0.0, 0.05])
def test_an_impatient_second_interrupt_ends_it_too_and_nothing_is_lost(tmp_path: Path, pause: float) -> None:
    out = tmp_path / "set"
    with Street() as street:
        line = ["scrape", "--from", street.listed(tmp_path, 400), "--label", "cat", "--out", str(out)]
        process = begun(*line, XDG_CACHE_HOME=str(tmp_path / "cache"))
        while len(tree(out)) < 20 and process.poll() is None:
            time.sleep(0.01)
        process.send_signal(signal.SIGINT)
        time.sleep(pause)
        process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=20)
        before = tree(out)

        again = imgtool(*line, XDG_CACHE_HOME=str(tmp_path / "cache"))

    assert process.returncode in {130, -signal.SIGINT}, err
    assert "Traceback" not in err
    assert again.code == 0
    assert before.items() <= tree(out).items()
    assert len(tree(out)) == 400
