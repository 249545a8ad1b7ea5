"""One peer over one folder of pictures: pairs out, as JSON. Runs in the peers' own environment.

python duplicate_peers.py "imagededup PHash" FOLDER OUT.json
"""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path


def imagededup(method: str, folder: Path, distance: int = 10) -> list[tuple[str, str, int]]:
    """Its own search, with its default threshold."""
    from imagededup import methods

    found = getattr(methods, method)(verbose=False).find_duplicates(
        image_dir=str(folder), max_distance_threshold=distance, scores=True
    )
    return [(a, b, int(score)) for a, near in found.items() for b, score in near if a < b]


def imagehash_(method: str, folder: Path, distance: int) -> list[tuple[str, str, int]]:
    """A loop, as its README shows it."""
    import imagehash
    import numpy as np
    from PIL import Image

    names = sorted(path.name for path in folder.iterdir())
    make = getattr(imagehash, method)
    hashes = np.array([int(str(make(Image.open(folder / name))), 16) for name in names], np.uint64)
    pairs = []
    for place, one in enumerate(hashes):
        bits = np.bitwise_count(hashes[place + 1 :] ^ one)
        pairs += [(names[place], names[place + 1 + n], int(bits[n])) for n in np.flatnonzero(bits <= distance)]
    return pairs


def difpy(folder: Path, **options: object) -> list[tuple[str, str, int]]:
    """Groups of small mean squared error, as it reports them: everybody with everybody."""
    import difPy

    built = difPy.build(str(folder), show_progress=False)
    result = difPy.search(built, show_progress=False, **options).result
    pairs = []
    for name, found in result.items():
        group = sorted({Path(name).name, *(Path(match[0]).name for match in matches(found))})
        pairs += [(a, b, 0) for a, b in itertools.combinations(group, 2)]
    return pairs


def matches(found: object) -> list[list[object]]:
    """The rows of a result, whichever of its shapes it has."""
    rows = found["matches"] if isinstance(found, dict) and "matches" in found else found
    return [[key, value] for key, value in rows.items()] if isinstance(rows, dict) else list(rows)


LOOSE = 14  # farther than any threshold worth having: the report cuts it down to each
TOOLS = {
    "imagededup PHash": lambda folder: imagededup("PHash", folder),
    "imagededup DHash": lambda folder: imagededup("DHash", folder),
    "imagehash phash": lambda folder: imagehash_("phash", folder, LOOSE),
    "imagehash dhash": lambda folder: imagehash_("dhash", folder, LOOSE),
    "difPy, defaults": difpy,
    "difPy, similar": lambda folder: difpy(folder, similarity="similar", same_dim=False),
}

if __name__ == "__main__":
    tool, folder, out = sys.argv[1:]
    Path(out).write_text(json.dumps(TOOLS[tool](Path(folder))))
