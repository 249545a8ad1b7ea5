"""Lesson 5: a network. Lessons 2 and 3 put behind one another learn to read handwritten digits.

    python examples/lessons/lesson5_network.py [FOLDER]

Two convolutions and a dense layer, 1,898 numbers in all, begin as noise and are right in more than 97 of 100 digits
that they have never seen, after a few seconds. Prints every epoch, and draws into FOLDER (lesson5 if none is named).
The digits are scikit-learn's; all the rest is numpy.
Before: lesson4_sigmoid.py. Next: lesson6_vgg.py.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import numpy as np
from drawing import Numbers, bars, lines, row
from lesson2_convolution import conv2d
from lesson3_layers import (
    conv2d_back,
    dense,
    dense_back,
    max_pool,
    max_pool_back,
    relu,
    relu_back,
    softmax,
    softmax_cross_entropy,
    softmax_cross_entropy_back,
)
from numpy.typing import NDArray

Labels: TypeAlias = NDArray[np.int64]
Net: TypeAlias = Mapping[str, Numbers]  # everything that is learnt, by name
HELD = 360  # digits that are never learnt from: a fifth


# 1. The digits: 1,797 pictures of 8 × 8 pixels.


def digits() -> tuple[Numbers, Labels]:
    """Pictures × 8 × 8 × 1, from 0 (paper) to 1 (ink), and which digit each is."""
    from sklearn.datasets import load_digits

    pictures, labels = load_digits(return_X_y=True)
    return pictures.reshape(-1, 8, 8, 1) / 16, labels


def shuffled(seed: int = 0) -> Labels:
    """The places of all digits in an order of chance: the last 360 are held out."""
    return np.random.default_rng(seed).permutation(1797)


# 2. The network: three layers that learn, and between them those that do not.


def started(answers: int = 10, seed: int = 0) -> Net:
    """Noise: the more numbers are added up, the smaller, so that what comes out is about as large as what went in."""
    chance = np.random.default_rng(seed)

    def noise(*shape: int) -> Numbers:
        return chance.normal(0, np.sqrt(2 / np.prod(shape[:-1])), shape)  # He et al. 2015; 2, for ReLU drops half

    return {
        "kernels1": noise(3, 3, 1, 8),  # 8 questions about 3 × 3 pixels
        "bias1": np.zeros(8),
        "kernels2": noise(3, 3, 8, 16),  # 16 questions about what those 8 answered
        "bias2": np.zeros(16),
        "weights": noise(2 * 2 * 16, answers),
        "bias": np.zeros(answers),
    }


@dataclass(frozen=True)
class Seen:
    """What every layer answered: the way back needs it again."""

    x: Numbers  # 8 × 8 × 1
    conv1: Numbers  # 8 × 8 × 8
    pool1: Numbers  # 4 × 4 × 8
    conv2: Numbers  # 4 × 4 × 16
    pool2: Numbers  # 2 × 2 × 16
    scores: Numbers  # 10


def forward(net: Net, x: Numbers) -> Seen:
    """Pictures in, scores out."""
    conv1 = conv2d(x, net["kernels1"], padding=1) + net["bias1"]
    pool1 = max_pool(relu(conv1))
    conv2 = conv2d(pool1, net["kernels2"], padding=1) + net["bias2"]
    pool2 = max_pool(relu(conv2))
    scores = dense(flat(pool2), net["weights"], net["bias"])
    return Seen(x, conv1, pool1, conv2, pool2, scores)


def flat(x: Numbers) -> Numbers:
    """A row of numbers for each picture."""
    return x.reshape(len(x), -1)


# 3. Backward: the same lines from the last to the first.


def backward(net: Net, seen: Seen, labels: Labels) -> Net:
    """How the loss changes with every number that is learnt."""
    scores = softmax_cross_entropy_back(seen.scores, labels)
    pool2, weights, bias = dense_back(scores, flat(seen.pool2), net["weights"])
    pool2 = pool2.reshape(seen.pool2.shape)
    conv2 = relu_back(max_pool_back(pool2, relu(seen.conv2)), seen.conv2)
    pool1, kernels2 = conv2d_back(conv2, seen.pool1, net["kernels2"], padding=1)
    conv1 = relu_back(max_pool_back(pool1, relu(seen.conv1)), seen.conv1)
    _, kernels1 = conv2d_back(conv1, seen.x, net["kernels1"], padding=1)
    return {
        "kernels1": kernels1,
        "bias1": conv1.sum(axis=(0, 1, 2)),
        "kernels2": kernels2,
        "bias2": conv2.sum(axis=(0, 1, 2)),
        "weights": weights,
        "bias": bias,
    }


# 4. Learning: a few digits, a step; the next few, a step.


@dataclass(frozen=True)
class Plan:
    """How it is taught."""

    rate: float = 0.05
    momentum: float = 0.9  # how much of the last step is taken again: a ball that rolls on
    batch: int = 32  # digits a step
    epochs: int = 12  # how often every digit is looked at
    frozen: frozenset[str] = frozenset()  # what stays as it is: lesson 6


def step(net: Net, speed: Net, x: Numbers, labels: Labels, plan: Plan) -> tuple[Net, Net]:
    """The network after one step, and how fast each number was changing."""
    slopes = backward(net, forward(net, x), labels)
    speed = {name: plan.momentum * speed[name] - plan.rate * slopes[name] for name in net}
    kept = {name: net[name] for name in plan.frozen}
    return {**{name: net[name] + speed[name] for name in net}, **kept}, speed


def epochs(net: Net, x: Numbers, labels: Labels, plan: Plan, seed: int = 0) -> Iterator[Net]:
    """The network after each time that it saw all pictures, each time in another order."""
    chance = np.random.default_rng(seed)
    speed: Net = {name: np.zeros_like(each) for name, each in net.items()}
    for _ in range(plan.epochs):
        order = chance.permutation(len(x))
        for start in range(0, len(x), plan.batch):
            some = order[start : start + plan.batch]
            net, speed = step(net, speed, x[some], labels[some], plan)
        yield net


def right(net: Net, x: Numbers, labels: Labels) -> float:
    """The share of pictures that it names rightly."""
    return float(np.mean(forward(net, x).scores.argmax(axis=1) == labels))


# 5. What came of it.


def taught(order: Labels, told: bool = True) -> tuple[Net, dict[str, list[float]]]:
    """A network that learnt all digits but the last 360 of that order, and how it went."""
    x, labels = digits()
    learnt, held = order[:-HELD], order[-HELD:]
    course: dict[str, list[float]] = {"digits learnt from": [], "digits held out": []}
    net = started()
    for number, now in enumerate(epochs(net, x[learnt], labels[learnt], Plan()), 1):
        net = now
        for name, some in zip(course, (learnt, held), strict=True):
            course[name].append(softmax_cross_entropy(forward(net, x[some]).scores, labels[some]))
        if told:
            losses = "".join(f"{each[-1]:12.4f}" for each in course.values())
            print(f"{number:5} {losses} {right(net, x[held], labels[held]):17.1%}")
    return net, course


def main(folder: str = "lesson5") -> None:
    """Learn the digits; print how it goes, and draw what was learnt."""
    room, order = Path(folder), shuffled()
    x, labels = digits()
    print(f"{len(x) - HELD:,} digits to learn from, {HELD} held out. The network has {count(started()):,} numbers.\n")
    print("epoch   loss, learnt  held out   right of held out")
    net, course = taught(order)
    lines(room / "course.svg", course, "What it does not know yet", "epoch", "loss")

    held = order[-HELD:]
    said = forward(net, x).scores.argmax(axis=1)
    wrong = held[said[held] != labels[held]]
    print(f"\nIt reads {HELD - len(wrong)} of {HELD} rightly, and these wrongly:")
    for place, shares in zip(wrong, softmax(forward(net, x[wrong]).scores), strict=True):
        doubt = f"{shares[said[place]]:.0%} sure; {shares[labels[place]]:.0%} for what is right"
        print(f"  a {labels[place]} as {said[place]} ({doubt})")
    mistakes = [(f"{labels[place]}, not {said[place]}", inked(x[place])) for place in wrong]
    row(room / "wrong.svg", mistakes, size=80, columns=8)
    draw(room, net, x[held[0]])

    strange, _ = taught(np.arange(len(x)), told=False)
    print(f"\nWith the last {HELD} of the file held out instead: {right(strange, x[-HELD:], labels[-HELD:]):.1%}.")
    print(f"\nDrawn into {room}/")


def count(net: Net) -> int:
    """How many numbers are learnt."""
    return sum(each.size for each in net.values())


def draw(room: Path, net: Net, digit: Numbers) -> None:
    """The kernels, and one digit on its way."""
    kernels = [(f"kernel {number}", net["kernels1"][:, :, 0, number]) for number in range(8)]
    row(room / "kernels.svg", kernels, "The eight questions of the first layer", size=64)
    seen = forward(net, digit[None])
    row(room / "first.svg", [("the digit", inked(digit)), *maps(relu(seen.conv1))], "After the first layer", size=64)
    row(room / "second.svg", maps(relu(seen.conv2)), "After the second", size=64, columns=8)
    shares = {f"a {name}": share for name, share in enumerate(softmax(seen.scores)[0])}
    bars(room / "shares.svg", shares, "What it says", decimals=3)


def maps(seen: Numbers) -> list[tuple[str, Numbers]]:
    """What each kernel saw in the first picture."""
    return [(f"kernel {number}", seen[0, :, :, number]) for number in range(seen.shape[-1])]


def inked(picture: Numbers) -> NDArray[np.uint8]:
    """A digit as it lies on paper: dark on light."""
    return np.round(255 * (1 - picture[:, :, 0])).astype(np.uint8)


if __name__ == "__main__":
    main(*sys.argv[1:])
