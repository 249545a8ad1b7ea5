"""README.md: the dataset's card, whose YAML head Hugging Face reads, and people the rest."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from curate.export.parquet import CLAIMS
from curate.export.plan import Brief, Unit
from curate.export.snippets import SNIPPETS

FILE = "README.md"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))
HUGE = "1M<n<10M"
CC = re.compile(r"(by(?:-nc)?(?:-nd|-sa)?) (\d\.\d)")
PUBLIC = MappingProxyType({"cc0": "cc0-1.0", "pdm": "other", "": "unknown"})
DATA_FILES = MappingProxyType({"hf": "{split}/**", "parquet": "data/{split}-*", "croissant": "data/{split}-*"})


@dataclass(frozen=True, slots=True)
class Licence:
    """What may be said of all pictures together."""

    tag: str  # Hugging Face's name
    url: str = ""


def write(folder: Path, brief: Brief) -> None:
    """The card."""
    parts = (head(brief), f"# {brief.facts.name}", described(brief), counts(brief), steps(brief))
    text = "\n\n".join(part for part in (*parts, licences(brief), usage(brief)) if part)
    (folder / FILE).write_text(text + "\n", encoding="utf-8", errors="replace")


def head(brief: Brief) -> str:
    """The YAML. Texts are written as JSON, which is YAML too."""
    total = sum(brief.plan.size(split) for split in brief.plan.splits)
    size = next((name for below, name in SIZES if total < below), HUGE)
    lines = [f"license: {common_licence(brief).tag}", f"pretty_name: {json.dumps(brief.facts.name)}"]
    lines += ["task_categories:", "- image-classification", "size_categories:", f"- {json.dumps(size)}"]
    if brief.options.to in DATA_FILES:
        lines += [*configs(brief), *(features(brief) if brief.options.to == "hf" else ())]
    return "\n".join(["---", *lines, "---"])


def configs(brief: Brief) -> Iterable[str]:
    """Which files are which split."""
    pattern = DATA_FILES[brief.options.to]
    yield from ("configs:", "- config_name: default", "  data_files:")
    for split in brief.plan.splits:
        name = "validation" if split == "val" else split
        yield from (f"  - split: {name}", f"    path: {json.dumps(pattern.format(split=split))}")


def features(brief: Brief) -> Iterable[str]:
    """The columns of a folder of pictures, whose metadata has no types of its own."""
    yield from ("  features:", "  - name: image", "    dtype: image", "  - name: label")
    yield from ("    dtype:", "      class_label:", "        names:")
    for number, label in enumerate(brief.plan.labels):
        yield f"          '{number}': {json.dumps(label)}"
    for name in ("id", *CLAIMS):
        yield from (f"  - name: {name}", "    dtype: string")


def described(brief: Brief) -> str:
    """What the set is, in a sentence."""
    total = sum(brief.plan.size(split) for split in brief.plan.splits)
    made = f"{total} pictures of {len(brief.plan.labels)} classes, exported by imgtool."
    return f"{brief.facts.description} {made}".strip()


def counts(brief: Brief) -> str:
    """Pictures by class and split."""
    table = brief.plan.counts()
    rows = [(label, *(str(table[split][label]) for split in brief.plan.splits)) for label in brief.plan.labels]
    variants = sum(1 for _, item in brief.plan.rows() if item.copy)
    note = f"\n\n{variants} of the training pictures are variants made by the preset `{brief.options.augment}`."
    return "## Pictures\n\n" + markdown(("class", *brief.plan.splits), rows) + (note if variants else "")


def steps(brief: Brief) -> str:
    """What is left after each step, and what each lost; the export itself is the last."""
    if not brief.facts.steps:
        return ""
    told = [*brief.facts.steps, ("in this export", sum(1 for _ in originals(brief)))]
    before = [told[0][1], *(count for _, count in told)]
    rows = [(name, str(count), str(before[place] - count)) for place, (name, count) in enumerate(told)]
    left_out = f"\n\n{brief.plan.left_out} training pictures were left out to make the classes equal."
    table = markdown(("step", "pictures left", "lost"), rows)
    return "## How it came about\n\n" + table + (left_out if brief.plan.left_out else "")


def licences(brief: Brief) -> str:
    """Licences as claimed, and how many pictures have each."""
    found = Counter(brief.ref(unit).licence or "unknown" for unit in originals(brief))
    rows = [(name, str(count)) for name, count in sorted(found.items(), key=lambda pair: (-pair[1], pair[0]))]
    told = "As claimed by the sources, not verified. ATTRIBUTION.csv names title, author, source and licence of each."
    return f"## Licences\n\n{told}\n\n" + markdown(("licence", "pictures"), rows)


def usage(brief: Brief) -> str:
    """How to load it."""
    code = SNIPPETS[brief.options.to]
    return f"## Loading it\n\n```python\n{code}```\n\nimgtool.lock.json has the sha256 of every picture and file."


def common_licence(brief: Brief) -> Licence:
    """The one licence of all pictures, if there is one."""
    found = {(brief.ref(unit).licence, brief.ref(unit).licence_url) for unit in originals(brief)}
    if len(found) != 1:
        return Licence("other")
    name, url = found.pop()
    return Licence(PUBLIC.get(name) or tagged(name), url)


def tagged(name: str) -> str:
    """A Creative Commons licence by Hugging Face's name."""
    found = CC.fullmatch(name)
    return f"cc-{found[1]}-{found[2]}" if found else "other"


def originals(brief: Brief) -> Iterable[Unit]:
    """One unit a picture."""
    return (unit for unit in brief.plan.units if unit.items[0].copy == 0)


def markdown(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; a foreign name cannot break out of its cell."""
    lines = [head, ("---",) + ("---:",) * (len(head) - 1), *rows]
    return "\n".join("| " + " | ".join(cell(text) for text in line) + " |" for line in lines)


def cell(text: str) -> str:
    """Text that stays text in Markdown and in HTML."""
    return "".join(ENTITIES.get(char, char if char.isprintable() else " ") for char in text)


ENTITIES: Mapping[str, str] = MappingProxyType(
    {"|": "\\|", "<": "&lt;", ">": "&gt;", "&": "&amp;", "`": "\\`", "[": "\\[", "]": "\\]", "*": "\\*"}
)
