"""One npz of augmented 224 px pictures, three classes: imgtool's export against the loops that people write.

    python benchmarks/export_npz.py                              # 3 × 6,000 from 3 × 500 photos
    python benchmarks/export_npz.py --sources 40 --per-class 120 --only imgtool,albumentations

Everyone does the classic recipe (shear, zoom, flip) and saves uncompressed. The peers are given what a careful person
would give them: an array allocated once, and for "albumentations, pool" one decode a photo and a pool of processes.
A figure is a whole process with its children; memory is what they hold together (PSS), sampled five times a second.
"""

from __future__ import annotations

import argparse
import os
import pickle
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from corpus import corpus

HERE = Path(__file__).parent
ALBUMENTATIONS = HERE / "corpus" / "albumentations"
CLASSES = ("a", "b", "c")
SIZE = 224

IMGTOOL = """
import pickle, sys
from pathlib import Path
from curate.export import ExportOptions, Facts, export
listed, count, photos, out = sys.argv[1:]
entries, count, photos, out = pickle.load(open(listed, "rb")), int(count), Path(photos), Path(out)
splits = {entry.path: "train" for entry in entries}
options = ExportOptions("npz", size=224, fit="stretch", per_class=count, augment="classic")
export(entries, splits, photos, out / "set", options, {}, Facts("bench"))
"""
KERAS = """
import sys
import numpy as np
from keras.src.legacy.preprocessing.image import ImageDataGenerator
_, _, count, photos, out = sys.argv
total = 3 * int(count)
recipe = ImageDataGenerator(shear_range=11.5, zoom_range=0.2, horizontal_flip=True)
flow = recipe.flow_from_directory(photos, target_size=(224, 224), batch_size=32, class_mode="sparse", seed=0)
x, y, done = np.empty((total, 224, 224, 3), np.uint8), np.empty(total, np.int64), 0
while done < total:
    pictures, labels = next(flow)
    take = min(len(pictures), total - done)
    x[done : done + take], y[done : done + take] = pictures[:take], labels[:take]
    done += take
np.savez(out + "/data.npz", x=x, y=y)
"""
RECIPE = """
import glob, sys
import albumentations as A, cv2, numpy as np
_, _, count, photos, out = sys.argv
count = int(count)
recipe = A.Compose([A.HorizontalFlip(p=0.5),
                    A.Affine(shear=(-11.5, 11.5), scale=(0.8, 1.2), border_mode=cv2.BORDER_REPLICATE, p=1)])
x, y = np.empty((3 * count, 224, 224, 3), np.uint8), np.repeat(np.arange(3), count)
def photo(path):
    return cv2.resize(cv2.cvtColor(cv2.imread(path), cv2.COLOR_BGR2RGB), (224, 224), interpolation=cv2.INTER_AREA)
"""
LOOP = (
    RECIPE
    + """
for number, label in enumerate("abc"):
    paths = sorted(glob.glob(f"{photos}/{label}/*"))
    for place in range(count):
        pixels = photo(paths[place % len(paths)])
        x[number * count + place] = pixels if place < len(paths) else recipe(image=pixels)["image"]
np.savez(out + "/data.npz", x=x, y=y)
"""
)
POOL = (
    RECIPE
    + """
from multiprocessing import Pool
def variants(job):
    pixels = photo(job[0])
    return [pixels] + [recipe(image=pixels)["image"] for _ in range(job[1] - 1)]
if __name__ == "__main__":
    cv2.setNumThreads(1)
    row = 0
    with Pool() as pool:
        for label in "abc":
            paths = sorted(glob.glob(f"{photos}/{label}/*"))
            jobs = [(path, count // len(paths) + (place < count % len(paths))) for place, path in enumerate(paths)]
            for made in pool.imap(variants, jobs, chunksize=4):
                for pixels in made:
                    x[row] = pixels
                    row += 1
    np.savez(out + "/data.npz", x=x, y=y)
"""
)


@dataclass(frozen=True)
class Run:
    """One tool, once."""

    wall: float
    cpu: float
    memory: float  # MB, all its processes together


def commands() -> dict[str, list[str]]:
    """Each way's program."""
    theirs = str(ALBUMENTATIONS / "bin" / "python")
    return {
        "imgtool": [sys.executable, "-c", IMGTOOL],
        "albumentations, pool": [theirs, "-c", POOL],
        "albumentations, loop": [theirs, "-c", LOOP],
        "keras ImageDataGenerator": [sys.executable, "-c", KERAS],
    }


def prepare(folder: Path, sources: int) -> tuple[Path, Path]:
    """Class folders of the corpus's photos, and their entries as a catalogue has them."""
    from curate.examiners import examine_all
    from imgtool.records import Entry, Picture

    photos = folder / "photos"
    drawn = sorted(corpus(3 * sources).glob("*.jpg"))[: 3 * sources]
    for place, path in enumerate(drawn):
        (photos / CLASSES[place % 3]).mkdir(parents=True, exist_ok=True)
        os.link(path, photos / CLASSES[place % 3] / path.name)
    looked = [(path, seen) for path, seen in examine_all(sorted(photos.rglob("*.jpg"))) if isinstance(seen, Picture)]
    entries = [Entry(path.relative_to(photos).as_posix(), path.parent.name, seen) for path, seen in looked]
    listed = folder / "entries.pickle"
    listed.write_bytes(pickle.dumps(entries))
    return photos, listed


def measure(command: list[str]) -> Run:
    """The command as a whole process, its children included."""
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "3", "CUDA_VISIBLE_DEVICES": "", "NO_ALBUMENTATIONS_UPDATE": "1"}
    started, before = time.monotonic(), os.times()
    process = subprocess.Popen(
        command, env=os.environ | quiet | {"PYTHONPATH": str(HERE.parent)}, stdout=subprocess.DEVNULL
    )
    peaks: list[int] = [0]
    watcher = threading.Thread(target=watch, args=(process, peaks))
    watcher.start()
    if process.wait():
        print(f"  exit {process.returncode}", file=sys.stderr)
    watcher.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - before.children_system
    return Run(time.monotonic() - started, cpu, max(peaks) / 1024)


def watch(process: subprocess.Popen[bytes], peaks: list[int]) -> None:
    """Memory of the process and its children, again and again."""
    while process.poll() is None:
        peaks.append(sum(held(pid) for pid in family(process.pid)))
        time.sleep(0.2)


def family(pid: int) -> Iterator[int]:
    """A process and all below it."""
    yield pid
    try:
        tasks = list(Path(f"/proc/{pid}/task").iterdir())
        children = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    except OSError:
        return
    for child in children:
        yield from family(child)


def held(pid: int) -> int:
    """A process's share of memory, kB; 0 when it has gone."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sources", type=int, default=500)
    parser.add_argument("--per-class", type=int, default=6000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--only", default="")
    wish = parser.parse_args()
    if not ALBUMENTATIONS.exists():
        subprocess.run(["uv", "venv", "--python", "3.11", str(ALBUMENTATIONS)], check=True)
        python = str(ALBUMENTATIONS / "bin" / "python")
        subprocess.run(["uv", "pip", "install", "--python", python, "albumentations==2.0.8"], check=True)
    chosen = {name: command for name, command in commands().items() if name.startswith(tuple(wish.only.split(",")))}
    runs: dict[str, list[Run]] = {name: [] for name in chosen}
    with tempfile.TemporaryDirectory(dir=HERE / "corpus") as room:
        photos, listed = prepare(Path(room), wish.sources)
        for _ in range(wish.rounds):
            for name, command in chosen.items():
                out = Path(room) / "out"
                out.mkdir()
                runs[name].append(measure([*command, str(listed), str(wish.per_class), str(photos), str(out)]))
                shutil.rmtree(out)
    print(f"3 × {wish.per_class} pictures of {SIZE} px from 3 × {wish.sources} photos, median of {wish.rounds}\n")
    print("| way | pictures/s | wall s | CPU s | MB |\n|---|---:|---:|---:|---:|")
    for name, found in runs.items():
        wall, cpu = statistics.median(run.wall for run in found), statistics.median(run.cpu for run in found)
        memory = statistics.median(run.memory for run in found)
        print(f"| {name} | {3 * wish.per_class / wall:,.0f} | {wall:.1f} | {cpu:.1f} | {memory:,.0f} |")


if __name__ == "__main__":
    main()
