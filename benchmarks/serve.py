"""Pictures named a second, and how long each waits: `imgtool serve` against the route that people write.

    python benchmarks/serve.py model.keras photos/ --peer /path/to/python-with-flask
    python benchmarks/serve.py model.keras photos/ --seconds 3 --runs 1 --requests 500 --only imgtool

"flask" is what a tutorial does: the picture opened by Pillow, `model.predict`, one route, Flask's own server with its
threads. "flask, called" is the careful form: the model compiled once by tf.function and called. Both keep connections
open, which Flask's server does not by itself. Every server is a process of its own, gets the same bytes of the same
pictures over 1, 8 and 32 connections, and is alone on the machine while it is asked. The clients are this process.
Memory is what the server and its workers hold (Pss), after the warm-up and after --requests more.
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import os
import socket
import statistics
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from asking import Heard, Request, asked, cores, for_seconds, memory, post, so_many

FLASK = """
import io, json, sys, zipfile
import keras, numpy as np, tensorflow as tf
from flask import Flask, jsonify, request
from PIL import Image
from werkzeug.serving import WSGIRequestHandler

model, port, way = sys.argv[1], int(sys.argv[2]), sys.argv[3]
card = json.loads(zipfile.ZipFile(model).read("imgtool.json"))
net, size = keras.saving.load_model(model), card["size"]
called = tf.function(net, input_signature=[tf.TensorSpec((None, size, size, 3), tf.uint8)])
answer = {"predict": lambda batch: net.predict(batch, verbose=0), "called": lambda batch: called(batch).numpy()}[way]
answer(np.zeros((1, size, size, 3), "uint8"))
app = Flask("plain")

@app.post("/api/predict")
def predict():
    picture = Image.open(io.BytesIO(request.data)).convert("RGB").resize((size, size))
    shares = answer(np.asarray(picture)[None])[0]
    ranked = sorted(zip(card["labels"], shares.tolist()), key=lambda pair: -pair[1])
    return jsonify(predictions=[{"label": ranked[0][0], "ranked": ranked[:5]}])

@app.get("/healthz")
def health():
    return "ok"

WSGIRequestHandler.protocol_version = "HTTP/1.1"
app.run(port=port, threaded=True)
"""
IMGTOOL = "import sys; sys.argv[0] = 'imgtool'; from imgtool.cli import main; main()"
CLIENTS = (1, 8, 32)
SLOWER = 20  # the others get a twentieth of the requests between the looks, or they would take an hour
WARM = 200  # requests before anything counts: threads, caches and the allocator have settled


@dataclass(frozen=True, slots=True)
class Server:
    """One that runs."""

    at: str
    pid: int


@contextmanager
def serving(way: str, model: str, peer: str) -> Iterator[Server]:
    """It, on a port of its own, ready."""
    port = free()
    lines = {
        "imgtool": [sys.executable, "-c", IMGTOOL, "serve", model, "--port", str(port), "--no-browser", "--quiet"],
        "flask": [peer, "-c", FLASK, model, str(port), "predict"],
        "flask, called": [peer, "-c", FLASK, model, str(port), "called"],
    }
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(Path(__file__).parents[1])}
    silence = subprocess.DEVNULL
    process = subprocess.Popen(lines[way], env=quiet, stdout=silence, stderr=silence)
    try:
        yield ready(Server(f"http://127.0.0.1:{port}", process.pid), process)
    finally:
        process.terminate()
        process.wait(20)


def free() -> int:
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])


def ready(server: Server, process: subprocess.Popen[bytes]) -> Server:
    """It, when it says that it is."""
    while process.poll() is None:
        try:
            with urllib.request.urlopen(f"{server.at}/healthz", timeout=5) as reply:
                if reply.status == 200:
                    return server
        except OSError:
            time.sleep(0.1)
    raise SystemExit(f"The server ended with {process.returncode} before it began.")


def pictures(folder: str) -> list[bytes]:
    found = sorted(path for path in Path(folder).rglob("*") if path.suffix.lower() in {".jpg", ".jpeg"})
    return [path.read_bytes() for path in found[:500]]


def turns(at: str, held: list[bytes]) -> Iterator[Request]:
    return itertools.cycle([Request("good", post(at, data)) for data in held])


def names(at: str, held: list[bytes]) -> list[str]:
    """What it says of each, to see that all say the same."""
    said = []
    for data in held[:100]:
        ask = urllib.request.Request(f"{at}/api/predict", data, {"content-type": "image/jpeg"})
        with urllib.request.urlopen(ask, timeout=60) as reply:
            said.append(json.load(reply)["predictions"][0]["label"])
    return said


def measured(server: Server, held: list[bytes], given: argparse.Namespace) -> dict[int, list[Heard]]:
    """Each number of clients, in turn, as often as there are runs."""
    heard: dict[int, list[Heard]] = {clients: [] for clients in given.clients}
    for _, clients in itertools.product(range(given.runs), given.clients):
        found = asyncio.run(asked(server.at, clients, turns(server.at, held), for_seconds(given.seconds)))
        if found.wrong:
            raise SystemExit(f"{len(found.wrong)} bad answers: {found.wrong[0]}")
        heard[clients].append(found)
    return heard


def row(way: str, clients: int, runs: list[Heard]) -> str:
    rates = [each.rate for each in runs]
    middle = (statistics.median(each.at(share) for each in runs) for share in (0.5, 0.99))
    spread = f"{min(rates):.0f}–{max(rates):.0f}" if len(rates) > 1 else ""
    half, most = middle
    return f"| {way} | {clients} | {statistics.median(rates):.1f} | {spread} | {half:.1f} | {most:.1f} |"


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("model")
    given.add_argument("pictures", help="a folder with JPEGs; the first 500 are asked about")
    given.add_argument("--peer", default=sys.executable, help="a Python with flask, tensorflow and pillow")
    given.add_argument("--seconds", type=float, default=20, help="of each run")
    given.add_argument("--runs", type=int, default=3)
    given.add_argument("--requests", type=int, default=10_000, help="between the two looks at the memory")
    given.add_argument("--clients", type=int, nargs="+", default=CLIENTS)
    given.add_argument("--only", default="imgtool;flask;flask, called")
    taken = given.parse_args()
    held, said, lines, kept = pictures(taken.pictures), {}, [], []
    for way in taken.only.split(";"):
        with serving(way, taken.model, taken.peer) as server:
            asyncio.run(asked(server.at, max(taken.clients), turns(server.at, held), so_many(WARM)))
            said[way] = names(server.at, held)
            before = memory(server.pid)
            lines += [row(way, clients, runs) for clients, runs in measured(server, held, taken).items()]
            more = taken.requests if way == "imgtool" else taken.requests // SLOWER
            asyncio.run(asked(server.at, max(taken.clients), turns(server.at, held), so_many(more)))
            kept.append(f"| {way} | {before:.0f} | {memory(server.pid):.0f} | {more:,} |")
    print(f"{len(held)} pictures, {statistics.mean(map(len, held)) / 1000:.0f} kB each on average, {cores()} cores\n")
    print("| way | clients | requests/s | of the runs | p50 ms | p99 ms |\n|---|---|---|---|---|---|")
    print(*lines, sep="\n")
    print("\n| way | MB before | MB after | as many requests later |\n|---|---|---|---|")
    print(*kept, sep="\n")
    first = said[taken.only.split(";")[0]]
    for way, labels in said.items():
        same = sum(one == other for one, other in zip(first, labels, strict=True))
        print(f"\n{way}: {same} of {len(first)} pictures get the first way's name")


if __name__ == "__main__":
    main()
