"""Embeddings a second: ours, exact and quick, cold and kept, against `predict` over `image_dataset_from_directory`.

    python benchmarks/embeddings.py photos/ --count 256                # class folders; VGG16 with chance weights
    python benchmarks/embeddings.py photos/ --vgg vgg16_notop.h5 --mobilenet mobilenet_2_5_224_tf_no_top.h5 --alpha 0.25

"plain" is what the books do: pictures by `image_dataset_from_directory` in batches of 32, Keras's own preprocessing,
`model.predict`. A figure is one process; "start" is its imports, its network and, for "quick", the conversion and its
proof; the rate counts what comes after. Both decode from disk. Ways take turns, and the median of the rounds is told.
`--peak` first measures what the machine's matrix products reach, of which VGG16's share is then told.
"""

from __future__ import annotations

import argparse
import json
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).parent
WORK = 30.7  # GFLOP that VGG16's convolutions do for a picture of 224 px

PLAIN = """
import sys, time
begun = time.perf_counter()
import json
import keras
import numpy as np
name, weights, alpha, photos = sys.argv[1], sys.argv[2], float(sys.argv[3]), sys.argv[4]
if name == "vgg16":
    net = keras.applications.VGG16(include_top=False, weights=None, pooling="avg")
    ready = keras.applications.vgg16.preprocess_input
else:
    shape = (224, 224, 3)
    net = keras.applications.MobileNet(shape, alpha=alpha, include_top=False, weights=None, pooling="avg")
    ready = keras.applications.mobilenet.preprocess_input
if weights != "none":
    net.load_weights(weights)
data = keras.utils.image_dataset_from_directory(photos, labels=None, shuffle=False, batch_size=32,
                                                image_size=(224, 224), verbose=False)
net.predict(np.zeros((32, 224, 224, 3), np.float32), verbose=0)  # its first call traces; ours is not counted either
started = time.perf_counter()
seen = net.predict(data.map(ready), verbose=0)
print(json.dumps({"start": started - begun, "seconds": time.perf_counter() - started, "count": len(seen)}))
"""
OURS = """
import sys, time
begun = time.perf_counter()
import json, pickle
from pathlib import Path
from classify.nouns import Recipe
from imgtool.pipeline.embedded import embedded
from imgtool.pipeline.shown import Look, views
name, weights, alpha, photos, listed, way = sys.argv[1], sys.argv[2], float(sys.argv[3]), *sys.argv[4:]
started = begun
def watch(step):
    global started
    if step.what == "Looking at pictures" and started == begun:
        started, watch.first = time.perf_counter(), step.done
watch.first = 0
entries = pickle.loads(Path(listed).read_bytes())
found = embedded(Path(photos), views(entries), Recipe(name, alpha, weights), Look(0), quick=way == "quick", watch=watch)
ended = time.perf_counter()
told = {"start": started - begun, "seconds": ended - started, "count": len(found.features) - watch.first}
print(json.dumps(told | {"fresh": found.fresh, "note": found.note}))
"""
PEAK = """
import time
from classify.runtime import tensorflow
tf = tensorflow()
a = tf.random.normal((2048, 2048)); b = tf.random.normal((2048, 2048))
best = 0.0
for _ in range(20):
    begun = time.perf_counter()
    tf.linalg.matmul(a, b).numpy()
    best = max(best, 2 * 2048**3 / (time.perf_counter() - begun))
print(best / 1e9)
"""


@dataclass(frozen=True)
class Run:
    """One process."""

    start: float
    rate: float  # pictures a second, once it has started
    whole: float  # s
    note: str


def linked(photos: Path, room: Path, count: int) -> tuple[Path, Path]:
    """So many of the photos, in turn from each class, and their entries as a catalogue has them."""
    from curate.examiners import examine_all
    from imgtool.records import Entry, Picture

    folder = room / "photos"
    for path in taken(photos, count):
        target = folder / path.relative_to(photos)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    looked = examine_all(sorted(folder.rglob("*.jpg")))
    entries = [Entry(p.relative_to(folder).as_posix(), p.parent.name, s) for p, s in looked if isinstance(s, Picture)]
    (room / "entries").write_bytes(pickle.dumps(sorted(entries, key=lambda entry: entry.path)))
    return folder, room / "entries"


def taken(photos: Path, count: int) -> list[Path]:
    """Photos from all over the tree."""
    paths = sorted(photos.rglob("*.jpg"))
    return paths[:: max(1, len(paths) // count)][:count]


def run(code: str, arguments: list[str], cache: Path) -> Run:
    """One process, told by itself."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "KERAS_BACKEND": "tensorflow"}
    environ = os.environ | quiet | {"PYTHONPATH": str(HERE.parent), "XDG_CACHE_HOME": str(cache)}
    begun = time.perf_counter()
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments], env=environ, stdout=subprocess.PIPE, text=True, check=True
    )
    whole = time.perf_counter() - begun
    told = json.loads(done.stdout.splitlines()[-1])
    return Run(told["start"], told["count"] / told["seconds"], whole, told.get("note", ""))


def ways(backbone: list[str], folder: Path, listed: Path, room: Path) -> Iterator[tuple[str, Run]]:
    """Each way once. What is kept is what the exact way has just left."""
    here = [*backbone, str(folder)]
    caches = {way: Path(tempfile.mkdtemp(dir=room)) for way in ("exact", "quick")}
    yield "plain predict", run(PLAIN, here, room)
    yield "ours, exact", run(OURS, [*here, str(listed), "exact"], caches["exact"])
    yield "ours, quick", run(OURS, [*here, str(listed), "quick"], caches["quick"])
    yield "ours, kept", run(OURS, [*here, str(listed), "exact"], caches["exact"])


def main() -> None:
    """Measure and print a table for each backbone."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("photos", type=Path)
    parser.add_argument("--count", type=int, default=256)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--vgg", default="none")
    parser.add_argument("--mobilenet", default="none")
    parser.add_argument("--alpha", default="0.25")
    parser.add_argument("--only", default="vgg16,mobilenet")
    parser.add_argument("--peak", action="store_true")
    wish = parser.parse_args()
    backbones = {"vgg16": ["vgg16", wish.vgg, "1"], "mobilenet": ["mobilenet", wish.mobilenet, wish.alpha]}
    with tempfile.TemporaryDirectory() as room:
        folder, listed = linked(wish.photos.resolve(), Path(room), wish.count)
        for name in wish.only.split(","):
            runs: dict[str, list[Run]] = {}
            for _ in range(wish.rounds):
                for way, found in ways(backbones[name], folder, listed, Path(room)):
                    runs.setdefault(way, []).append(found)
            told(name, runs, peak() if wish.peak and name == "vgg16" else 0.0)


def peak() -> float:
    """GFLOP/s of the machine's matrix products in 32 bits."""
    done = subprocess.run(
        [sys.executable, "-c", PEAK],
        env=os.environ | {"PYTHONPATH": str(HERE.parent)},
        stdout=subprocess.PIPE,
        text=True,
        check=True,
    )
    return float(done.stdout)


def told(name: str, runs: dict[str, list[Run]], most: float) -> None:
    """A table."""
    print(f"\n{name}" + (f"; matrix products reach {most:.0f} GFLOP/s" if most else "") + "\n")
    print("| way | start s | pictures/s | against plain | whole s | |\n|---|---:|---:|---:|---:|---|")
    plain = statistics.median(run.rate for run in runs["plain predict"])
    for way, found in runs.items():
        start, rate, whole = (
            statistics.median(getattr(run, what) for run in found) for what in ("start", "rate", "whole")
        )
        share = f"{rate * WORK / most:.0%} of the peak. " if most and way in ("plain predict", "ours, exact") else ""
        print(f"| {way} | {start:.1f} | {rate:,.1f} | {rate / plain:.2f} | {whole:.1f} | {share}{found[-1].note} |")


if __name__ == "__main__":
    main()
