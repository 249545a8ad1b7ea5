"""Does the input keep the model busy? Our threads against Keras's own two ways, on a tree of class folders.

    python benchmarks/training_input.py FOLDER [--size 96] [--epochs 2] [--pictures 1000]

Each way brings augmented batches of 32. "Alone" is what it delivers when nobody learns; "learning" is an epoch of the
`modern` net fed by it, and "waiting" the share of that epoch beyond one whose batches were there already. Each way is a
process of its own; the first epoch counts apart, for ours decodes every picture once and the others in each epoch.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

BATCH = 32
ENDINGS = {".jpg", ".jpeg", ".png", ".webp", ".bmp", ".gif"}


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("folder", type=Path)
    options.add_argument("--size", type=int, default=96)
    options.add_argument("--epochs", type=int, default=2)
    options.add_argument("--pictures", type=int, default=1000)
    options.add_argument("--way", choices=[*WAYS], help="only this one, in this process")
    asked = options.parse_args()
    if asked.way:
        print(row(asked))
        return
    print(f"{asked.pictures} pictures of {asked.size} px, {os.cpu_count()} cores\n")
    print("| way | first epoch, alone | later, alone | learning | waiting |\n|---|---:|---:|---:|---:|", flush=True)
    for way in WAYS:
        again = [sys.executable, __file__, *sys.argv[1:], "--way", way]
        quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONWARNINGS": "ignore"}
        done = subprocess.run(
            again, check=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet
        )
        print(done.stdout.strip().splitlines()[-1], flush=True)


def row(asked: argparse.Namespace) -> str:
    """The figures of one way."""
    from classify.nets import NETS
    from classify.runtime import keras
    from classify.training.pupil import Pupil, prepare

    epoch = WAYS[asked.way](asked)
    first, alone = clocked(epoch, 1), min(clocked(epoch, number) for number in range(2, asked.epochs + 2))
    pupil = Pupil(NETS["modern"].build(asked.size, 2), NETS["modern"].regimen, "bench")
    prepare(pupil, -(-asked.pictures // BATCH))
    ready = [pair for pair, _ in zip(epoch(2), range(4), strict=False)]
    keras().utils.set_random_seed(0)
    learn = lambda pairs: [pupil.network.train_on_batch(*pair) for pair in pairs]  # noqa: E731
    learn(ready)
    began = time.perf_counter()
    learn(ready * 2)
    bare = (time.perf_counter() - began) / (2 * len(ready)) * asked.pictures / BATCH
    began = time.perf_counter()
    learn(epoch(3))
    fed = time.perf_counter() - began
    speeds = f"{asked.pictures / first:.0f}/s | {asked.pictures / alone:.0f}/s | {asked.pictures / fed:.0f}/s"
    return f"| {asked.way} | {speeds} | {max(0.0, 1 - bare / fed):.0%} |"


def clocked(epoch: Callable[[int], Iterator[object]], number: int) -> float:
    began = time.perf_counter()
    for _ in epoch(number):
        pass
    return time.perf_counter() - began


def files(asked: argparse.Namespace) -> list[tuple[Path, int]]:
    """As many of each class, in turn."""
    classes = sorted(path for path in asked.folder.iterdir() if path.is_dir())
    lists = [[(path, turn) for path in sorted(folder.iterdir()) if path.suffix.lower() in ENDINGS]
             for turn, folder in enumerate(classes)]  # fmt: skip
    return [one for some in zip(*lists, strict=False) for one in some][: asked.pictures]


def ours(asked: argparse.Namespace) -> Callable[[int], Iterator[object]]:
    """Decoded once into one array, varied in threads ahead of the model."""
    import cv2
    import numpy as np

    from classify.nets.regimen import Regimen
    from classify.nouns import Course, Learning
    from classify.training.batches import feed
    from classify.training.task import Task
    from curate.augment import augmented, dice
    from curate.presets import preset

    listed, light = files(asked), preset("light")
    pixels = np.zeros((len(listed), asked.size, asked.size, 3), np.uint8)
    keys = tuple(hashlib.sha256(str(path).encode()).hexdigest() for path, _ in listed)
    course = Course(pixels, np.array([target for _, target in listed]), keys)
    vary = lambda picture, key, copy: augmented(picture, light, dice(0, key, copy))  # noqa: E731
    source = feed(Task(course, course, 2, Learning(batch=BATCH), vary), Regimen(epochs=9, rate=1e-3))

    def decoded() -> None:
        from concurrent.futures import ThreadPoolExecutor

        def one(turn: int) -> None:
            shown = cv2.imread(str(listed[turn][0]), cv2.IMREAD_COLOR_RGB)
            pixels[turn] = cv2.resize(shown, (asked.size, asked.size), interpolation=cv2.INTER_AREA)

        with ThreadPoolExecutor() as pool:
            list(pool.map(one, range(len(listed))))

    def epoch(number: int) -> Iterator[object]:
        if number == 1:
            decoded()
        for batch in source.epoch(number):
            yield batch.pixels, batch.targets, batch.weights

    return epoch


def directory(asked: argparse.Namespace, *, kept: bool = False) -> Callable[[int], Iterator[object]]:
    """`image_dataset_from_directory` and Keras's augmentation layers, prefetched; `kept`: with `cache()`."""
    from classify.runtime import keras, tensorflow

    layers, tf = keras().layers, tensorflow()
    read = keras().utils.image_dataset_from_directory(
        asked.folder,
        label_mode="categorical",
        image_size=(asked.size, asked.size),
        batch_size=None,
        seed=0,
        verbose=False,
    )
    read = read.take(asked.pictures)
    read = read.cache() if kept else read
    steps = [layers.RandomFlip("horizontal"), layers.RandomRotation(10 / 360), layers.RandomZoom(0.1),
            layers.RandomTranslation(0.05, 0.05), layers.RandomContrast(0.15)]  # fmt: skip
    vary = keras().Sequential(steps)
    whole = read.shuffle(asked.pictures).batch(BATCH)
    whole = whole.map(lambda x, y: (vary(x, training=True), y), num_parallel_calls=tf.data.AUTOTUNE)
    return lambda _: iter(whole.prefetch(tf.data.AUTOTUNE))


def generator(asked: argparse.Namespace) -> Callable[[int], Iterator[object]]:
    """The generator of old: `ImageDataGenerator.flow_from_directory`."""
    from classify.runtime import keras

    recipe = keras().src.legacy.preprocessing.image.ImageDataGenerator(
        rotation_range=10, zoom_range=0.1, width_shift_range=0.05, height_shift_range=0.05, horizontal_flip=True,
        brightness_range=(0.9, 1.1), fill_mode="reflect",
    )  # fmt: skip
    flow = recipe.flow_from_directory(str(asked.folder), (asked.size, asked.size), batch_size=BATCH, seed=0)
    return lambda _: (next(flow) for _ in range(-(-asked.pictures // BATCH)))


WAYS: dict[str, Callable[[argparse.Namespace], Callable[[int], Iterator[object]]]] = {
    "imgtool": ours,
    "image_dataset_from_directory": directory,
    "image_dataset_from_directory, cached": lambda asked: directory(asked, kept=True),
    "ImageDataGenerator": generator,
}

if __name__ == "__main__":
    main()
