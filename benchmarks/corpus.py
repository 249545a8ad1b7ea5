"""JPEGs of about 200 KB, drawn once: soft shapes for the hash, grain for the size, no two alike."""

from __future__ import annotations

import sys
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

HERE = Path(__file__).parent / "corpus"
SIZE = (1024, 768)
QUALITY = 85


def draw(job: tuple[str, int]) -> None:
    """One picture; its number is its seed."""
    import cv2
    import numpy as np

    folder, number = job
    dice = np.random.default_rng(number)
    soft = cv2.resize(dice.integers(0, 256, (9, 12, 3), np.uint8), SIZE, interpolation=cv2.INTER_CUBIC)
    grain = dice.normal(0, 8.5, (SIZE[1], SIZE[0], 1)).astype(np.float32)
    picture = np.clip(soft + grain, 0, 255).astype(np.uint8)
    ok, body = cv2.imencode(".jpg", picture, [cv2.IMWRITE_JPEG_QUALITY, QUALITY])
    assert ok
    (Path(folder) / f"{number:05d}.jpg").write_bytes(body.tobytes())


def corpus(count: int, folder: Path = HERE) -> Path:
    """The folder with at least `count` pictures."""
    folder.mkdir(parents=True, exist_ok=True)
    missing = [(str(folder), n) for n in range(count) if not (folder / f"{n:05d}.jpg").exists()]
    with ProcessPoolExecutor() as pool:
        for done, _ in enumerate(pool.map(draw, missing, chunksize=50), 1):
            if done % 500 == 0:
                print(f"  drew {done} of {len(missing)}", file=sys.stderr)
    return folder


if __name__ == "__main__":
    where = corpus(int(sys.argv[1]) if len(sys.argv) > 1 else 5000)
    sizes = [path.stat().st_size for path in where.glob("*.jpg")]
    print(f"{len(sizes)} pictures, {sum(sizes) / len(sizes) / 1000:.0f} kB on average, in {where}")
