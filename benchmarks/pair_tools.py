"""One tool over one array of hashes: how long, how many pairs, how many of the planted ones. JSON out.

    python pair_tools.py TOOL HASHES.npy PLANTED.npy DISTANCE

imgtool runs in the project's environment, the peers in theirs. Reading the file is not timed, building an index is.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Iterator

import numpy as np

Hashes = np.ndarray[tuple[int], np.dtype[np.uint64]]
Found = Iterator[tuple[Hashes, Hashes]]  # pairs of hashes, by value

ASK = 10_000  # queries at a time, so that faiss's answers fit into memory


def imgtool(hashes: Hashes, distance: int) -> Found:
    from curate.twins.pairs import within

    once = np.unique(hashes)
    for one, other in within(once, distance):
        yield once[one], once[other]


def by_faiss(index: object, hashes: Hashes, distance: int) -> Found:
    """Every hash asks for its neighbours; its radius is the first distance that is too far."""
    codes = hashes.view(np.uint8).reshape(-1, 8)
    index.add(codes)
    for start in range(0, len(codes), ASK):
        limits, _, places = index.range_search(codes[start : start + ASK], distance + 1)
        one = np.repeat(hashes[start : start + ASK], np.diff(limits).astype(np.int64))
        other = hashes[places]
        yield one[one < other], other[one < other]


def faiss_flat(hashes: Hashes, distance: int) -> Found:
    import faiss

    return by_faiss(faiss.IndexBinaryFlat(64), hashes, distance)


def faiss_multihash(hashes: Hashes, distance: int) -> Found:
    """Four tables of 16 bits and two flips: as complete as ours up to distance 11."""
    import faiss

    index = faiss.IndexBinaryMultiHash(64, 4, 16)
    index.nflip = 2
    return by_faiss(index, hashes, distance)


def faiss_hnsw(hashes: Hashes, distance: int) -> Found:
    """Approximate, and without a search by radius: the 32 nearest, of which those within the distance."""
    import faiss

    index = faiss.IndexBinaryHNSW(64, 32)
    codes = hashes.view(np.uint8).reshape(-1, 8)
    index.add(codes)
    for start in range(0, len(codes), ASK):
        bits, places = index.search(codes[start : start + ASK], 32)
        row, column = np.nonzero(bits <= distance)
        one, other = hashes[start + row], hashes[places[row, column]]
        yield one[one < other], other[one < other]


def imagededup(method: str, hashes: Hashes, distance: int) -> Found:
    from imagededup.handlers.search.retrieval import HashEval
    from imagededup.methods import PHash

    texts = {str(place): f"{int(value):016x}" for place, value in enumerate(hashes)}
    evaluated = HashEval(texts, texts, PHash.hamming_distance, False, distance, method, 2)
    near = evaluated.retrieve_results()
    pairs = [(int(a), int(b)) for a, found in near.items() for b in found if int(a) < int(b)]
    places = np.array(pairs, np.int64).reshape(-1, 2)
    yield hashes[places[:, 0]], hashes[places[:, 1]]


TOOLS = {
    "imgtool": imgtool,
    "faiss IndexBinaryFlat": faiss_flat,
    "faiss IndexBinaryMultiHash": faiss_multihash,
    "faiss IndexBinaryHNSW": faiss_hnsw,
    "imagededup brute_force_cython": lambda hashes, distance: imagededup("brute_force_cython", hashes, distance),
    "imagededup bktree": lambda hashes, distance: imagededup("bktree", hashes, distance),
}


def main() -> None:
    tool, where, planted, distance = sys.argv[1:]
    hashes, wanted = np.load(where), np.sort(np.load(planted), axis=1)
    list(TOOLS[tool](hashes[:100], int(distance)))  # imports are no work
    began = time.perf_counter()
    parts = list(TOOLS[tool](hashes, int(distance)))
    seconds = time.perf_counter() - began
    pairs = np.concatenate([np.stack(part, axis=1) for part in parts] or [np.zeros((0, 2), np.uint64)])
    pairs = np.unique(np.sort(pairs, axis=1), axis=0)
    told = {tuple(pair) for pair in pairs.tolist()}
    found = sum(tuple(pair) in told for pair in wanted.tolist())
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"seconds": seconds, "pairs": len(pairs), "planted": found / len(wanted), "megabytes": peak}))


if __name__ == "__main__":
    main()
