"""All pairs within distance 8 among 64-bit hashes: imgtool, faiss's binary indexes, imagededup's search.

    python benchmarks/pairs.py                                      # 10⁴ to 10⁶; peers stop after ten minutes each
    python benchmarks/pairs.py --counts 10000,100000,1000000,10000000
    python benchmarks/pairs.py --counts 10000,100000 --only imgtool,faiss

Hashes are random, with neighbours planted at distances 1 to 8; a tool is complete if it finds all planted ones
and as many pairs as imgtool, whose completeness the tests prove against brute force.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import platform
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from subprocess import PIPE
from typing import Any

import numpy as np
from duplicates_quality import peers
from pair_tools import TOOLS

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PLANTED = 1000  # pairs
LIMIT = 600  # s a tool and a size, unless another is asked for

Row = dict[str, Any]


def made(count: int, distance: int, folder: Path) -> tuple[Path, Path]:
    """Random hashes and the pairs among them that were planted, as files."""
    dice = np.random.default_rng(count)
    hashes = dice.integers(0, 2**64, count, np.uint64, endpoint=False)
    for row in range(PLANTED):
        bits = dice.choice(64, 1 + row % distance, replace=False)
        hashes[2 * row + 1] = hashes[2 * row] ^ np.uint64(sum(1 << int(bit) for bit in bits))
    planted = hashes[: 2 * PLANTED].reshape(-1, 2).copy()
    paths = folder / f"{count}.npy", folder / f"{count} planted.npy"
    for path, values in zip(paths, (dice.permutation(hashes), planted), strict=True):
        np.save(path, values)
    return paths


def timed(tool: str, python: Path, files: tuple[Path, Path], distance: int, limit: int) -> Row:
    """What a tool says of itself, or why it says nothing."""
    command = [python, HERE / "pair_tools.py", tool, *files, str(distance)]
    environment = os.environ | {"PYTHONPATH": str(HERE.parent)}
    # a session of its own, so that a tool's workers end with it
    with subprocess.Popen(command, stdout=PIPE, stderr=PIPE, text=True, env=environment, start_new_session=True) as job:
        try:
            out, complaint = job.communicate(timeout=limit)
        except subprocess.TimeoutExpired:
            os.killpg(job.pid, signal.SIGKILL)
            return {"failed": f"> {limit} s"}
    row: Row = json.loads(out.splitlines()[-1]) if job.returncode == 0 else {"failed": complaint.splitlines()[-1][:80]}
    return row


def exponent(rows: dict[int, Row]) -> str:
    """Of growth, between the two greatest sizes that were finished."""
    done = sorted(count for count, row in rows.items() if "seconds" in row)
    if len(done) < 2:
        return ""
    low, high = done[-2:]
    ratio = rows[high]["seconds"] / rows[low]["seconds"]
    return f"{math.log(ratio) / math.log(high / low):.2f}"


def cell(row: Row, reference: Row) -> str:
    """Seconds and memory; and what is missing."""
    if "failed" in row:
        return str(row["failed"])
    text = f"{row['seconds']:.2f} s, {row['megabytes']:.0f} MB"
    lost = reference.get("pairs", row["pairs"]) - row["pairs"]
    return text if row["planted"] == 1 and not lost else f"{text}; planted found: {row['planted']:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--counts", default="10000,100000,1000000")
    parser.add_argument("--distance", type=int, default=8)
    parser.add_argument("--limit", type=int, default=LIMIT, help="seconds a tool and a size")
    parser.add_argument("--only", default="", help="words of tools, with commas")
    parser.add_argument("--peers", type=Path, help="a Python that has faiss-cpu and imagededup")
    given = parser.parse_args()
    counts = [int(count) for count in given.counts.split(",")]
    words = given.only.split(",")
    tools = [tool for tool in TOOLS if any(word in tool for word in words)]
    python = Path(sys.executable) if tools == ["imgtool"] else peers(given.peers)
    told: dict[str, dict[int, Row]] = {tool: {} for tool in tools}
    with tempfile.TemporaryDirectory() as folder:
        for count in counts:
            files = made(count, given.distance, Path(folder))
            for tool in tools:
                if slow := next((row for row in told[tool].values() if "failed" in row), None):
                    told[tool][count] = slow  # with fewer hashes already
                    continue
                own = Path(sys.executable) if tool == "imgtool" else python
                told[tool][count] = timed(tool, own, files, given.distance, given.limit)
                print(f"  {count} {tool}: {told[tool][count]}", file=sys.stderr)
    report(given.distance, counts, told)


def report(distance: int, counts: list[int], told: dict[str, dict[int, Row]]) -> None:
    """The table, printed and kept."""
    lines = [
        f"{platform.machine()}, Python {platform.python_version()}; distance ≤ {distance}, {PLANTED} pairs planted\n"
    ]
    lines += [
        "| | " + " | ".join(f"{count:,}" for count in counts) + " | growth |",
        "|---|" + "---|" * (len(counts) + 1),
    ]
    for tool, rows in told.items():
        cells = [cell(rows[count], told.get("imgtool", {}).get(count, {})) for count in counts]
        lines.append(f"| {tool} | " + " | ".join(cells) + f" | n^{exponent(rows)} |")
    text = "\n".join(lines) + "\n"
    RESULTS.mkdir(exist_ok=True)
    (RESULTS / "pairs.md").write_text(text)
    (RESULTS / "pairs.json").write_text(json.dumps(told, indent=1))
    print(text)


if __name__ == "__main__":
    main()
