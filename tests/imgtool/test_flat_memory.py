"""Memory stays flat: fifteen times the addresses need no more than a little more memory, asked or refused."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.street import ROOT, imgtool

FEW, MANY = 2_000, 30_000
PEAK = """import atexit, resource, sys
atexit.register(lambda: print('PEAK', resource.getrusage(resource.RUSAGE_SELF).ru_maxrss, file=sys.stderr))"""
# Most answers are 404; every hundredth is a picture, all different.
SERVER = r"""
import asyncio
from tests.street import drawn
GONE = b'HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n'
async def serve(reader, writer):
    try:
        while True:
            path = (await reader.readuntil(b'\r\n\r\n')).split()[1].decode()
            number = path.rpartition('/')[2].partition('.')[0]
            body = drawn(int(number)) if number.isdigit() and int(number) % 100 == 0 else b''
            writer.write(b'HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n' % len(body) + body if body else GONE)
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()
async def main():
    server = await asyncio.start_server(serve, '127.0.0.1', 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()
asyncio.run(main())
"""


@contextmanager
def answering() -> Iterator[int]:
    """A quick server in a process of its own; its port."""
    environ = {**os.environ, "PYTHONPATH": ROOT}
    line = [sys.executable, "-c", SERVER]
    with subprocess.Popen(line, stdout=subprocess.PIPE, text=True, env=environ) as process:
        try:
            assert process.stdout
            yield int(process.stdout.readline())
        finally:
            process.kill()


def peak(tmp_path: Path, url: str, many: int) -> int:
    """KiB that a scrape of so many addresses needed at most."""
    listed = tmp_path / f"{many}.txt"
    listed.write_text("\n".join(url.format(number) for number in range(many)))
    line = ("scrape", "--from", str(listed), "--label", "cat", "--out", str(tmp_path / str(many)), "--json")
    ran = imgtool(*line, before=f"exec({PEAK!r})", XDG_CACHE_HOME=str(tmp_path / "cache"))
    (got,) = ran.answer["classes"]
    assert got["kept"] + sum(got["skipped"].values()) == many
    said = re.search(r"PEAK (\d+)", ran.err)
    assert said
    return int(said[1])


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_addresses_that_are_asked_need_no_more_memory_than_few(tmp_path: Path) -> None:
    with answering() as port:
        url = f"http://127.0.0.1:{port}/some/folder/of/pictures/{{}}.jpg"
        few, many = peak(tmp_path, url, FEW), peak(tmp_path, url, MANY)

    print(f"{FEW}: {few} KiB, {MANY}: {many} KiB")
    assert many < 1.2 * few


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_many_addresses_that_are_refused_need_no_more_memory_than_few(tmp_path: Path) -> None:
    url = "http://10.0.0.{}:22/a/picture.jpg"
    few, many = peak(tmp_path, url, FEW), peak(tmp_path, url, MANY)

    print(f"{FEW}: {few} KiB, {MANY}: {many} KiB")
    assert many < 1.2 * few
