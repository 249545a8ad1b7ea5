"""A street of pictures on loopback and the command as a process: what the proofs of bad input share.

with Street() as street:
    street.said["/odd.jpg"] = Reply(body=b"...")
    run = imgtool("scrape", "--from", street.listed(tmp_path, 20), "--label", "cat", "--out", str(tmp_path / "set"))
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import threading
from collections import Counter
from dataclasses import dataclass, field
from functools import cache
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any, Self

from tests.painted import encoded, scene

AS_PROXY = re.compile("^https?://[^/]*/")  # who is asked as a proxy is told the whole address
ROOT = str(Path(__file__).parents[1])


@dataclass(frozen=True)
class Said:
    """One answer, as it will be given for ever."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


class Street:
    """`/p/N.jpg` is a picture unlike every other; `said` has what else is answered, the rest is 404."""

    def __init__(self, size: int = 0) -> None:
        self.said: dict[str, Said] = {}
        self.size = size  # bytes of each picture, at least
        self.log: Counter[str] = Counter()
        self.heads: list[str] = []

    def __enter__(self) -> Self:
        self._server = _Server(("127.0.0.1", 0), _handler(self))
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def url(self, path: str, host: str = "127.0.0.1") -> str:
        return f"http://{host}:{self.port}{path}"

    def picture(self, number: int) -> str:
        return self.url(f"/p/{number}.jpg")

    def listed(self, folder: Path, many: int) -> str:
        """A list of the first so many pictures."""
        place = folder / f"{many}.txt"
        place.write_text("\n".join(self.picture(number) for number in range(many)))
        return str(place)

    def answer(self, path: str) -> Said:
        if path in self.said:
            return self.said[path]
        name = path.partition("?")[0].removeprefix("/p/").removesuffix(".jpg")
        if path.startswith("/p/") and name.isdigit():
            return Said(drawn(int(name), self.size), headers={"Content-Type": "image/jpeg"})
        bare = path.partition("?")[0]
        return self.said.get(bare, Said(b"no\n", 404))


class _Server(ThreadingHTTPServer):
    request_queue_size = 256
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hung up is no news here."""


def _handler(street: Street) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            street.log[self.path] += 1
            street.heads.append(f"{self.requestline}\n{self.headers}")
            said = street.answer(AS_PROXY.sub("/", self.path))
            self.send_response(said.status)
            for name, value in said.headers.items():
                self.send_header(name, value)
            self.send_header("Content-Length", str(len(said.body)))
            self.end_headers()
            self.wfile.write(said.body)

        def log_message(self, *_: Any) -> None:
            """Nobody reads it."""

    return Handler


@cache
def drawn(number: int, size: int = 0) -> bytes:
    """A JPEG unlike every other, filled up with comments to that size."""
    plain = encoded(scene(160, 120, seed=number), "JPEG", quality=80)
    lacking = size - len(plain)
    comments = b""
    while lacking > len(comments):
        part = min(65_000, lacking - len(comments))
        comments += b"\xff\xfe" + (part + 2).to_bytes(2, "big") + bytes(part)
    return plain[:2] + comments + plain[2:]


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def answer(self) -> dict[str, Any]:
        """The object of `--json`."""
        told: dict[str, Any] = json.loads(self.out)
        return told

    @property
    def told(self) -> str:
        """Everything that anybody could read."""
        return self.out + self.err


def begun(*args: str, before: str = "pass", **environ: str) -> subprocess.Popen[str]:
    """The command, started; `before` is Python run in its process first."""
    code = f"import sys; sys.argv[0] = 'imgtool'; {before}; from imgtool.cli import main; main()"
    clean = {name: value for name, value in os.environ.items() if not name.startswith(("IMGTOOL_", "XDG_"))}
    clean = {name: value for name, value in clean.items() if not name.lower().endswith("_proxy")}
    clean |= {"PYTHONPATH": ROOT, "COLUMNS": "80", "XDG_CONFIG_HOME": "/nonexistent", "IMGTOOL_ALLOW_PRIVATE": "1"}
    pipe = subprocess.PIPE
    line = [sys.executable, "-c", code, *args]
    return subprocess.Popen(
        line, env=clean | environ, text=True, stdin=subprocess.DEVNULL, stdout=pipe, stderr=pipe, cwd="/"
    )


def imgtool(*args: str, before: str = "pass", **environ: str) -> Ran:
    """The command, to its end."""
    process = begun(*args, before=before, **environ)
    try:
        out, err = process.communicate(timeout=600)  # pytest ends a test much sooner, unless told otherwise
    finally:
        process.kill()
    return Ran(process.returncode, out, err)
