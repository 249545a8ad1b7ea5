"""Lesson 6: large networks. What an epoch costs, what VGG16 is made of, and why nobody begins with noise.

    python examples/lessons/lesson6_vgg.py [FOLDER] [--pictures 1000] [--batch 32] [--epochs 10] [--classes 2]

Counts with your numbers: how many steps they are, what every layer of VGG16 costs, and what it saves to leave most of
it as it is. Then tries that with lesson 5's small network. Draws into FOLDER (lesson6 if none is named).
Before: lesson5_network.py.
"""

import argparse
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from math import ceil, prod
from pathlib import Path

import numpy as np
from drawing import Numbers, bars, lines
from lesson3_layers import average_pool
from lesson4_sigmoid import SIDE, Layer, drawings, loss, negatives, slope
from lesson5_network import Labels, Net, Plan, digits, epochs, right, started

# 1. Epoch, batch, iteration.


@dataclass(frozen=True)
class Course:
    """A batch is looked at in one iteration, which ends with one step; an epoch is over when all were looked at."""

    pictures: int
    batch: int
    epochs: int

    @property
    def iterations(self) -> int:
        """Steps in an epoch. Pictures that fill no whole batch make one that is smaller."""
        return ceil(self.pictures / self.batch)

    @property
    def last(self) -> int:
        """How many pictures the last batch of an epoch has."""
        return self.pictures - (self.iterations - 1) * self.batch

    @property
    def steps(self) -> int:
        """Steps in all."""
        return self.iterations * self.epochs


def batches(course: Course, seed: int = 0) -> Iterator[Labels]:
    """The numbers of the pictures in each batch of an epoch, in an order of chance."""
    order = np.random.default_rng(seed).permutation(course.pictures)
    for start in range(0, course.pictures, course.batch):
        yield order[start : start + course.batch]


def courses(sizes: Sequence[int], rounds: int = 30) -> dict[str, list[float]]:
    """How lesson 4's layer learns with larger and smaller batches: its loss after each epoch."""
    pictures, answers = drawings(60, seed=0)
    told = {}
    for size in sizes:
        layer, losses = Layer(np.zeros(pictures.shape[1])), []
        for number in range(rounds):
            for some in batches(Course(60, size, rounds), seed=number):
                down = slope(layer, pictures[some], answers[some])
                layer = Layer(layer.weights - 0.001 * down.weights, layer.bias - 0.001 * down.bias)
            losses.append(loss(layer.sums(pictures), answers))
        told[f"{size} a batch, {ceil(60 / size)} steps an epoch"] = losses
    return told


# 2. VGG16, layer by layer (Simonyan and Zisserman 2014).

BLOCKS = ((64, 2), (128, 2), (256, 3), (512, 3), (512, 3))  # kernels in each convolution, and how many of these
HIDDEN = 4096  # answers of the two dense layers before the last


@dataclass(frozen=True)
class Stage:
    """One layer and what it costs."""

    name: str
    shape: tuple[int, ...]  # of what comes out: rows, columns, channels; or numbers
    learnt: int = 0  # numbers
    work: int = 0  # multiplications for one picture, each with an addition
    sees: int = 1  # the side, in pixels, of what one answer depends on


def vgg16(side: int = 224, classes: int = 1000) -> list[Stage]:
    """All 22 layers in their order."""
    body = list(blocks(side))
    stages = [*body, Stage("flatten", (prod(body[-1].shape),), sees=side)]
    for name, answers in (("fc1", HIDDEN), ("fc2", HIDDEN), ("predictions", classes)):
        given = stages[-1].shape[0]
        stages.append(Stage(name, (answers,), (given + 1) * answers, given * answers, side))
    return stages


def blocks(side: int) -> Iterator[Stage]:
    """The convolutions, 3 × 3 with a padding of 1, and after each block the largest of 2 × 2."""
    channels, sees, apart, most = 3, 1, 1, side  # apart: pixels of the picture between two neighbouring answers
    for block, (kernels, count) in enumerate(BLOCKS, 1):
        for number in range(1, count + 1):
            sees += 2 * apart  # one neighbour more at each side
            weights, channels = 3 * 3 * channels * kernels, kernels
            name = f"block{block}_conv{number}"
            yield Stage(name, (side, side, kernels), weights + kernels, side * side * weights, min(sees, most))
        side, sees, apart = side // 2, sees + apart, apart * 2
        yield Stage(f"block{block}_pool", (side, side, channels), sees=min(sees, most))


# 3. What does that cost?


def speed(size: int = 512, seconds: float = 0.3) -> float:
    """Multiplications, each with an addition, that this machine manages in a second: it multiplies two matrices."""
    matrix = np.random.default_rng(0).normal(size=(size, size)).astype(np.float32)
    rounds, begun = 0, time.perf_counter()
    while time.perf_counter() - begun < seconds:
        matrix @ matrix
        rounds += 1
    return rounds * size**3 / (time.perf_counter() - begun)


HEAD = 256  # hidden numbers of the head that `imgtool train` puts behind frozen layers


@dataclass(frozen=True)
class Bill:
    """What one way of learning costs."""

    learnt: int  # numbers
    work: int  # multiplications until it is over


def bills(course: Course, classes: int) -> dict[str, Bill]:
    """All of VGG16 from noise; its last block tuned; only a head upon what the frozen network sees."""
    whole, body = vgg16(classes=classes), list(blocks(224))
    late = [stage for stage in body if stage.name.startswith("block5")]
    head = (512 + 1) * HEAD + (HEAD + 1) * classes  # 512: the mean of each of the last layer's maps
    looks = course.pictures * course.epochs * 3  # a step is forward once, and backward for pictures and for weights
    once = course.pictures * total(body, "work")
    block = total(late, "work")
    return {
        "everything, from noise": Bill(total(whole, "learnt"), looks * total(whole, "work")),
        "the last block and a head": Bill(total(late, "learnt") + head, once + looks * (block + head)),
        "a head, all else frozen": Bill(head, once + looks * head),
    }


def total(stages: Sequence[Stage], what: str) -> int:
    """All numbers, or all multiplications."""
    return sum(getattr(stage, what) for stage in stages)


# 4. The same in small: lesson 5's reader of digits meets lesson 4's rings and crosses.

BODY = frozenset({"kernels1", "bias1", "kernels2", "bias2"})  # both convolutions
FIRST = frozenset({"kernels1", "bias1"})


def reader() -> Net:
    """A network that knows digits, and has never seen anything else."""
    x, labels = digits()
    return last(epochs(started(), x, labels, Plan(epochs=5)))


def puzzle(count: int, seed: int) -> tuple[Numbers, Labels]:
    """What one layer could not learn: rings and crosses, half of them white on black. As small as digits, ink as 1."""
    pictures, answers = drawings(count, seed)
    ink = 1 - negatives(pictures)
    return average_pool(ink.reshape(-1, SIDE, SIDE, 1), SIDE // 8), answers.astype(int)


def ways(known: Net, seed: int) -> dict[str, Net]:
    """Four networks that learnt the same 60 drawings, from the least that may change to the most."""
    x, answers = puzzle(60, seed)
    noise = started(answers=2, seed=seed)
    ready = {name: known[name] if name in BODY else noise[name] for name in known}  # its head knew digits: a new one
    brief = Plan(rate=0.05, batch=30, epochs=40)
    headed = last(epochs(ready, x, answers, replace(brief, frozen=BODY)))
    return {
        "a head on frozen noise": last(epochs(noise, x, answers, replace(brief, frozen=BODY))),
        "a head on the frozen reader": headed,
        "then its last convolution": last(epochs(headed, x, answers, replace(brief, rate=0.02, frozen=FIRST))),
        "everything, from noise": last(epochs(noise, x, answers, brief)),
    }


def last(nets: Iterator[Net]) -> Net:
    """The network as it is in the end."""
    *_, net = nets
    return net


def main() -> None:
    """Count with your numbers, and show what freezing does."""
    asked = arguments()
    room = Path(asked.folder)
    course = Course(asked.pictures, asked.batch, asked.epochs)
    print(
        f"{course.pictures:,} pictures, {course.batch} a batch: {course.iterations:,} iterations are an epoch", end=""
    )
    print(f" (the last has {course.last}), {course.epochs} epochs are {course.steps:,} steps.\n")
    lines(room / "batches.svg", courses((60, 16, 4, 1)), "The same rate, other batches", "epoch", "loss")
    tell_layers(room)
    tell_bills(course, asked.classes)
    known, new = reader(), puzzle(400, seed=9)
    tries = [{name: right(net, *new) for name, net in ways(known, seed).items()} for seed in range(3)]
    shares = {name: float(np.mean([each[name] for each in tries])) for name in tries[0]}
    print("\nOf 400 new rings and crosses, half of them white on black, right after 60 (of three tries, the mean):")
    for name, share in shares.items():
        print(f"  {name:30} {share:6.1%}")
    bars(room / "ways.svg", shares, "Right of 400 new drawings, three tries", decimals=3)
    print(f"\nDrawn into {room}/")


def arguments() -> argparse.Namespace:
    """What was asked for; whole numbers from 1."""

    def number(text: str) -> int:
        if not text.isdecimal() or not int(text):
            raise argparse.ArgumentTypeError(f"{text} is not a whole number from 1")
        return int(text)

    parser = argparse.ArgumentParser(description="Lesson 6: large networks, with your numbers.")
    parser.add_argument("folder", nargs="?", default="lesson6", help="where to draw")
    for name, default in (("pictures", 1000), ("batch", 32), ("epochs", 10), ("classes", 2)):
        parser.add_argument(f"--{name}", type=number, default=default, help=f"{default} if not given")
    return parser.parse_args()


def tell_layers(room: Path) -> None:
    """VGG16 as a table, and what its blocks cost as drawings."""
    stages = vgg16()
    print("VGG16                    what comes out      learnt   multiplications     sees")
    for stage in stages:
        shape = " × ".join(map(str, stage.shape))
        print(f"{stage.name:18} {shape:>20} {stage.learnt:11,} {stage.work:17,} {stage.sees:4} px")
    print(f"{'together':18} {'':20} {total(stages, 'learnt'):11,} {total(stages, 'work'):17,}\n")
    parts = {f"block {number}": f"block{number}" for number in range(1, 6)}
    parts |= {name: name for name in ("fc1", "fc2", "predictions")}
    chosen = {name: [each for each in stages if each.name.startswith(part)] for name, part in parts.items()}
    learnt = {name: total(each, "learnt") / 1e6 for name, each in chosen.items()}
    bars(room / "learnt.svg", learnt, "Millions of numbers that are learnt", decimals=2)
    work = {name: total(each, "work") / 1e9 for name, each in chosen.items()}
    bars(room / "work.svg", work, "Thousand millions of multiplications for one picture", decimals=2)


def tell_bills(course: Course, classes: int) -> None:
    """What each way costs, here and now."""
    rate = speed()
    print(f"With these pictures, {classes} classes, and the {rate / 1e9:.0f} thousand million multiplications a second")
    print("that this machine manages at best:")
    for name, bill in bills(course, classes).items():
        print(f"  {name:26} {bill.learnt:11,} numbers learn {bill.work / rate / 60:8,.1f} minutes")


if __name__ == "__main__":
    main()
