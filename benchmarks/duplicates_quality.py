"""Which duplicates are found, and what is wrongly called one: imgtool and its peers on the same pictures.

    python benchmarks/duplicates_quality.py ../shared/data                       # about 40 minutes on two cores
    python benchmarks/duplicates_quality.py ../shared/data --photos 60 --only imgtool

Every photograph of three sets is there once; of some there are eighteen variants beside it. Two sets of real
near-duplicates, which other people made, are searched on their own. A pair is right when both files come
from one photograph. Peers run in an environment of their own (--peers, or made here with uv).
"""

from __future__ import annotations

import argparse
import csv
import itertools
import json
import platform
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path

import numpy as np
from curve import draw
from PIL import Image
from variants import TURNED, VARIANTS, variant

from curate.bounds import Bounds
from curate.examiners import examine_all
from curate.twins import candidates, find, near_pairs
from curate.twins.alike import ALIKE, CORE, COVERED
from curate.twins.find import NEAR, looks_of
from curate.twins.groups import compared
from curate.twins.pairs import Pairs
from curate.twins.tables import Hashes
from imgtool.records import Entry, Picture

HERE = Path(__file__).parent
RESULTS = HERE / "results"
PICTURE = HERE.parent / "docs" / "pictures" / "duplicates-thresholds.svg"
PHOTOGRAPHS = ("cats_dogs", "caltech101_subset", "bears_raw")
REAL = ("neardup_catsdogs", "neardup_caltech_resize")
# Pictures of the sets that show the same, seen by eye among everything that any tool told
BOUNDS = Bounds(min_size=8)  # a quarter of a small photograph is not what is asked here
KNOWN = (
    ("dog.74", "dog.180"),
    ("starfish_image_0016", "starfish_image_0067"),
    ("kangaroo_image_0015", "kangaroo_image_0025"),
    ("kangaroo_image_0035", "kangaroo_image_0050"),
)
DIFPY = 40  # photographs with variants for difPy, and ten times as many without: it compares all with all
PURE = 0.999

Pair = tuple[str, str]
Scored = tuple[str, str, int]


@dataclass
class World:
    """A folder of pictures, and of which photograph each is."""

    folder: Path
    photo: dict[str, str] = field(default_factory=dict)  # file name → photograph
    kind: dict[str, str] = field(default_factory=dict)  # file name → variant; "" = as it was

    def add(self, name: str, photo: str, kind: str, data: bytes) -> None:
        (self.folder / name).write_bytes(data)
        self.photo[name], self.kind[name] = photo, kind

    def right(self, pair: Pair) -> bool:
        return self.photo[pair[0]] == self.photo[pair[1]]


@dataclass
class Told:
    """What a tool said, and how long it took."""

    pairs: list[Scored]
    seconds: float

    def within(self, distance: int) -> list[Pair]:
        return [(a, b) for a, b, bits in self.pairs if bits <= distance]


def photographs(data: Path) -> list[tuple[Path, str]]:
    """Every photograph with its name; pictures known to be the same have one name."""
    renamed = {other: one for one, other in KNOWN}
    found = []
    for path in sorted(
        p for name in PHOTOGRAPHS for p in (data / name).rglob("*") if p.suffix in (".jpg", ".jpeg", ".png")
    ):
        name = path.stem if path.stem.count(".") else f"{path.parent.name}_{path.stem}"
        found.append((path, renamed.get(name, name)))
    return found


def planted(data: Path, folder: Path, photos: int, distinct: int | None = None) -> World:
    """All photographs, and the variants of some, spread over the sets."""
    world, everything = World(folder), photographs(data)
    chosen = {everything[n][0] for n in np.linspace(0, len(everything) - 1, photos).astype(int)}
    kept = set(everything[:: max(1, len(everything) // distinct)] if distinct else everything)
    for number, (path, photo) in enumerate(everything):
        if (path, photo) in kept or path in chosen:
            world.add(f"{number:05d}.jpg", photo, "", path.read_bytes())
        if path in chosen:
            picture = Image.open(path).convert("RGB")
            for place, kind in enumerate(VARIANTS):
                world.add(f"{number:05d}_{place:02d}.jpg", photo, kind, variant(picture, kind))
    return world


def real(data: Path, name: str, folder: Path) -> World:
    """A set of near-duplicates that others made."""
    world = World(folder)
    for row in csv.DictReader((data / name / "groups.csv").open()):
        file = Path(row["file"])
        photo = row.get("group") or row["group_seed"]
        world.add(file.name, photo, row.get("variant", "resized"), (data / name / file).read_bytes())
    return world


def entries(world: World) -> list[Entry]:
    """The folder as imgtool sees it."""
    verdicts = examine_all(sorted(world.folder.iterdir()), bounds=BOUNDS)
    return [Entry(path.name, "all", verdict) for path, verdict in verdicts if isinstance(verdict, Picture)]


def ours(world: World, mirrored: bool) -> Told:
    """imgtool's pairs, decoding included."""
    began = time.perf_counter()
    known = entries(world)
    near = [(one, other) for one, other in near_pairs(known, mirrored=mirrored)]
    seconds = time.perf_counter() - began
    copies: dict[str, list[str]] = defaultdict(list)  # files of the same bytes are compared once, and are all meant
    for entry in known:
        copies[entry.picture.sha256].append(entry.path)
    pairs = {pair for one, other in near for pair in product(*(copies[it.picture.sha256] for it in (one, other)))}
    return Told([(a, b, 0) for a, b in pairs if a != b], seconds)


def theirs(python: Path, tool: str, world: World) -> Told:
    """A peer's pairs, its whole process timed."""
    with tempfile.NamedTemporaryFile(suffix=".json") as out:
        began = time.perf_counter()
        command = [python, HERE / "duplicate_peers.py", tool, world.folder, out.name]
        subprocess.run(command, check=True, capture_output=True)
        return Told([(a, b, bits) for a, b, bits in json.load(out)], time.perf_counter() - began)


def recall(world: World, pairs: Iterable[Pair]) -> dict[str, float]:
    """Per variant: how many are found beside the photograph they are made of."""
    found = {frozenset(pair) for pair in pairs}
    originals = {world.photo[name]: name for name in sorted(world.kind, reverse=True) if not world.kind[name]}
    hits: dict[str, list[bool]] = defaultdict(list)
    for name, kind in world.kind.items():
        if kind:
            hits[kind].append(frozenset((name, originals[world.photo[name]])) in found)
    return {kind: sum(each) / len(each) for kind, each in hits.items()}


def precision(world: World, pairs: Iterable[Pair]) -> tuple[float, int]:
    """Among pairs with a photograph as it was (variants beside one another would only swell the sum)."""
    asked = [pair for pair in pairs if not world.kind[pair[0]] or not world.kind[pair[1]]]
    wrong = sum(not world.right(pair) for pair in asked)
    return (1 - wrong / len(asked) if asked else 1.0), wrong


def purest(world: World, told: Told) -> int:
    """The greatest threshold at which a tool is as precise as we ask."""
    return max((d for d in range(15) if precision(world, told.within(d))[0] >= PURE), default=0)


def table(world: World, answers: dict[str, list[Pair]], seconds: dict[str, float]) -> str:
    """Recall per variant, a column a tool."""
    rates = {tool: recall(world, pairs) for tool, pairs in answers.items()}
    lines = ["| | " + " | ".join(answers) + " |", "|---|" + "---|" * len(answers)]
    lines += [f"| {kind} | " + " | ".join(f"{rates[tool][kind]:.3f}" for tool in answers) + " |" for kind in VARIANTS]
    exact = {tool: precision(world, pairs) for tool, pairs in answers.items()}
    lines.append("| **precision** | " + " | ".join(f"**{exact[tool][0]:.4f}**" for tool in answers) + " |")
    lines.append("| wrong pairs | " + " | ".join(str(exact[tool][1]) for tool in answers) + " |")
    lines.append("| seconds, files read | " + " | ".join(f"{seconds[tool]:.0f}" for tool in answers) + " |")
    return "\n".join(lines)


def columns(world: World, python: Path | None) -> tuple[dict[str, list[Pair]], dict[str, float]]:
    """Every tool's answer at its default, and imagehash's where it is as precise as we ask."""
    told = {"imgtool": ours(world, False), "imgtool --mirrored": ours(world, True)}
    answers = {tool: each.within(0) for tool, each in told.items()}
    for tool in ("imagededup PHash", "imagededup DHash", "imagehash phash", "imagehash dhash") if python else ():
        print(f"  {tool} …", file=sys.stderr)
        told[tool] = theirs(python, tool, world)
        if tool.startswith("imagededup"):
            answers[f"{tool} ≤ 10"] = told[tool].within(10)
            told[f"{tool} ≤ 10"] = told[tool]
        else:
            for name, limit in (
                (f"{tool} ≤ 10", 10),
                (f"{tool} ≤ {(pure := purest(world, told[tool]))}, as pure", pure),
            ):
                answers[name], told[name] = told[tool].within(limit), told[tool]
    return answers, {tool: told[tool].seconds for tool in answers}


def small(data: Path, python: Path, folder: Path) -> str:
    """difPy beside imgtool, on what difPy can do in minutes."""
    world = planted(data, folder, DIFPY, DIFPY * 10)
    told = {"imgtool": ours(world, False), "imgtool --mirrored": ours(world, True)}
    for tool in ("difPy, defaults", "difPy, similar"):
        print(f"  {tool} …", file=sys.stderr)
        told[tool] = theirs(python, tool, world)
    head = (
        f"{len(world.photo)} files, {DIFPY} photographs with variants; "
        "`similar` is difPy's `similarity='similar', same_dim=False`.\n\n"
    )
    return head + table(world, {t: e.within(0) for t, e in told.items()}, {t: e.seconds for t, e in told.items()})


def made_by_others(data: Path, name: str, python: Path | None, folder: Path) -> list[str]:
    """Rows: recall over all pairs of a set, and wrong pairs."""
    world = real(data, name, folder)
    groups: dict[str, list[str]] = defaultdict(list)
    for file, photo in world.photo.items():
        groups[photo].append(file)
    pairs = {frozenset(pair) for group in groups.values() for pair in itertools.combinations(group, 2)}
    kept = {file for group in find(entries(world)).groups for file in (twin.entry.path for twin in group.twins)}
    answers = {"imgtool": ours(world, False)}
    for tool in ("imagededup PHash", "imagededup DHash", "difPy, similar") if python else ():
        answers[tool] = theirs(python, tool, world)
    rows = []
    for tool, told in answers.items():
        found = {frozenset(pair) for pair in told.within(10)}
        wrong = sum(not world.right((a, b)) for a, b in told.within(10))
        rows.append(f"| {name} | {tool} | {len(found & pairs) / len(pairs):.3f} | {wrong} | {told.seconds:.1f} |")
    rows.append(f"| {name} | imgtool, pictures that leave | {len(kept) / (len(world.photo) - len(groups)):.3f} | | |")
    return rows


def curves(world: World) -> tuple[str, dict[str, list[tuple[float, float, int]]]]:
    """Recall (mean of the upright variants) and wrong pairs, as each threshold moves and the others stay."""
    known = entries(world)
    looks = looks_of(known)
    names = [entry.path for entry in known]
    out: dict[str, list[tuple[float, float, int]]] = {"within": [], "ALIKE": [], "hash alone": []}

    def point(edges: candidates.Edges, which: np.ndarray, at: float, curve: str) -> None:
        pairs = [(names[a], names[b]) for a, b in zip(edges.seen[which], edges.shown[which], strict=True)]
        rates = recall(world, pairs)
        mean = float(np.mean([rate for kind, rate in rates.items() if kind not in TURNED]))
        out[curve].append((at, mean, precision(world, pairs)[1]))

    for within in (0, 2, 4, 6, 8, 10, 12, 14):
        edges = candidates.candidates(looks, within)
        low, high = hash_alone(looks.phash, within)
        alone = candidates.Edges(low, high, np.zeros_like(low), np.zeros_like(low))
        point(alone, np.ones(len(low), bool), within, "hash alone")
        found = compared(looks, edges)
        point(edges, found.same, within, "within")
        if within == NEAR:
            covered = (found.core >= CORE) & (found.mean >= COVERED)
            for least in (0.90, 0.92, 0.94, 0.95, 0.96, 0.97, 0.975, 0.98, 0.984, 0.987, 0.99, 0.993, 0.996, 0.999):
                point(edges, (found.mean >= least) | covered, least, "ALIKE")
    lines = []
    for curve, points in out.items():
        lines += [f"\n| {curve} | recall | wrong pairs |", "|---|---|---|"]
        lines += [f"| {at:g} | {rate:.4f} | {wrong} |" for at, rate, wrong in points]
    return "\n".join(lines), out


def hash_alone(hashes: Hashes, distance: int) -> Pairs:
    """Pairs by phash, without a second look: what most tools do."""
    near = [np.argwhere(np.bitwise_count(hashes[place + 1 :] ^ one) <= distance) for place, one in enumerate(hashes)]
    low = np.repeat(np.arange(len(hashes)), [len(each) for each in near])
    return low, np.concatenate(near)[:, 0] + low + 1


def peers(python: Path | None) -> Path:
    """An interpreter that has the peers; made once."""
    if python:
        return python
    folder = HERE / "corpus" / "duplicate_peers"
    if not (folder / "bin" / "python").exists():
        subprocess.run(["uv", "venv", "-q", "-p", "3.11", folder], check=True)
        wanted = ["imagededup", "imagehash", "difPy", "faiss-cpu"]
        subprocess.run(["uv", "pip", "install", "-q", "--python", folder / "bin" / "python", *wanted], check=True)
    return folder / "bin" / "python"


def versions(python: Path) -> str:
    wanted = "imagededup", "imagehash", "difPy"
    code = f"import importlib.metadata as m; print(*(p + ' ' + m.version(p) for p in {wanted}), sep=', ')"
    return subprocess.run([python, "-c", code], check=True, capture_output=True, text=True).stdout.strip()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path)
    parser.add_argument("--photos", type=int, default=300, help="photographs of which variants are made")
    parser.add_argument("--peers", type=Path, help="a Python that has imagededup, imagehash and difPy")
    parser.add_argument("--only", default="", help="'imgtool': no peers")
    given = parser.parse_args()
    python = None if given.only == "imgtool" else peers(given.peers)
    room: Callable[[], tempfile.TemporaryDirectory[str]] = tempfile.TemporaryDirectory
    parts = [f"{platform.machine()}, Python {platform.python_version()}" + (f"; {versions(python)}" if python else "")]
    with room() as one, room() as two, room() as three, room() as four:
        world = planted(given.data, Path(one), given.photos)
        originals = sum(not kind for kind in world.kind.values())
        answers, seconds = columns(world, python)
        plants = f"{given.photos} of them with {len(VARIANTS)} variants"
        parts.append(f"## Variants\n\n{len(world.photo)} files: {originals} photographs, {plants}.\n")
        parts.append(table(world, answers, seconds))
        if python:
            parts.append(f"## difPy\n\n{small(given.data, python, Path(two))}")
        rows = ["| set | tool | recall of pairs | wrong pairs | seconds |", "|---|---|---|---|---|"]
        for name, folder in zip(REAL, (Path(three), Path(four)), strict=True):
            rows += made_by_others(given.data, name, python, folder)
        parts.append("## Made by others\n\n" + "\n".join(rows))
        text, points = curves(world)
        parts.append(f"## Thresholds\n{text}")
    draw(points, {"hash alone": -1, "within": NEAR, "ALIKE": ALIKE}, PICTURE)
    RESULTS.mkdir(exist_ok=True)
    report = "\n\n".join(parts) + "\n"
    (RESULTS / "duplicates_quality.md").write_text(report)
    rates = {tool: recall(world, pairs) | {"precision": precision(world, pairs)[0]} for tool, pairs in answers.items()}
    (RESULTS / "duplicates_quality.json").write_text(
        json.dumps({"tools": rates, "seconds": seconds, "curves": points}, indent=1)
    )
    print(report)


if __name__ == "__main__":
    main()
