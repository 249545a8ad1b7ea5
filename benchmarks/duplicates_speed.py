"""Hash 5,000 web-sized JPEGs and find the duplicates: imgtool cold and known, imagededup, difPy, an imagehash loop.

    python benchmarks/duplicates_speed.py --peers PATH/bin/python

`--peers` is a Python that has imagededup, difPy and imagehash (an environment of their own, never imgtool's).
Whole processes; CPU is user + system of the tool and its children.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from corpus import corpus
from download import machine

HERE = Path(__file__).parent
COPIES = 100  # re-encoded copies among the pictures, so that there is something to find
FLOOR = """
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
import simplejpeg
from curate.hashing import phash
def look(path):
    grey = simplejpeg.decode_jpeg(path.read_bytes(), "GRAY", min_height=64, min_width=64, min_factor=8)
    return phash(grey[:, :, 0])
with ThreadPoolExecutor(2) as pool:
    print(len(set(pool.map(look, Path(sys.argv[1]).iterdir()))))
"""


def pictures(count: int, room: Path) -> Path:
    """A class folder of links to the corpus, with re-encoded copies."""
    from PIL import Image

    folder = room / "set" / "all"
    folder.mkdir(parents=True)
    source = corpus(count - COPIES)
    for n in range(count - COPIES):
        shutil.copy(source / f"{n:05d}.jpg", folder)
    for n in range(COPIES):
        Image.open(source / f"{n:05d}.jpg").save(folder / f"copy-{n:05d}.jpg", quality=60)
    return folder


def run(command: list[str]) -> tuple[float, float]:
    """Wall and CPU seconds of a whole process."""
    env = os.environ | {"PYTHONPATH": str(HERE.parent)}
    env.pop("PYTHONDONTWRITEBYTECODE", None)
    started = time.monotonic()
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        print(f"  exit {os.waitstatus_to_exitcode(status)}: {command}", file=sys.stderr)
    return time.monotonic() - started, usage.ru_utime + usage.ru_stime


def main() -> None:
    """All of it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--peers", required=True)
    parser.add_argument("--count", type=int, default=5000)
    parser.add_argument("--rounds", type=int, default=3)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = pictures(options.count, Path(name))
        catalogue = folder.parent / ".imgtool"
        ours = [sys.executable, "-m", "imgtool", "dedupe", str(folder.parent), "--dry-run", "--quiet"]
        peer = [options.peers, str(HERE / "duplicate_peers.py")]
        out = str(Path(name) / "out.json")
        tools = {
            "floor: read, smallest decode, hash": [sys.executable, "-c", FLOOR, str(folder)],
            "imgtool, cold": ours,
            "imgtool, known": ours,
            "imagehash loop": [*peer, "imagehash phash", str(folder), out],
            "imagededup PHash": [*peer, "imagededup PHash", str(folder), out],
            "difPy (stopped after 120 s)": ["timeout", "120", *peer, "difPy, defaults", str(folder), out],
        }
        results: dict[str, list[tuple[float, float]]] = {tool: [] for tool in tools}
        for turn in range(options.rounds):
            for tool, command in tools.items():
                if turn and tool.startswith("difPy"):
                    continue  # it compares all with all; once is enough to place it
                if tool == "imgtool, cold":
                    shutil.rmtree(catalogue, ignore_errors=True)
                results[tool].append(run(command))
                print(f"  round {turn + 1} {tool}: {results[tool][-1][0]:.1f} s wall", flush=True)
    text = page(options, results)
    print(text)
    if options.count >= 5000:
        (HERE / "results" / "duplicates_speed.md").write_text(text)


def page(options: argparse.Namespace, results: dict[str, list[tuple[float, float]]]) -> str:
    """The table."""
    cold = statistics.median(wall for wall, _ in results["imgtool, cold"])
    rows = []
    for tool, runs in results.items():
        walls = sorted(wall for wall, _ in runs)
        wall, cpu = statistics.median(walls), statistics.median(cpu for _, cpu in runs)
        speed, spread = options.count / wall, f"{walls[0]:.1f} - {walls[-1]:.1f}"
        rows.append(f"| {tool} | {wall:.1f} | {spread} | {cpu:.1f} | {speed:.0f} | {wall / cold:.2f} |")
    return f"""# Duplicates, {options.count:,} JPEGs of about 220 kB, {COPIES} of them re-encoded copies

`python benchmarks/duplicates_speed.py --peers PYTHON --count {options.count} --rounds {options.rounds}`; {machine()};
medians of {options.rounds} (difPy: one run). Whole processes, start included. `known` is a set whose pictures were
scraped or checked before: their hashes are in the catalogue.

| tool | wall s | min - max | CPU s | pictures / s | wall, imgtool cold = 1 |
|---|---|---|---|---|---|
{chr(10).join(rows)}
"""


if __name__ == "__main__":
    main()
