"""Lesson 4: one sigmoid layer. Every pixel votes, the votes are added up, and the sum becomes a probability.

    python examples/lessons/lesson4_sigmoid.py [FOLDER]

Nobody tells the layer what a ring is. It is shown sixty drawings, each with its right answer, and turns its own
weights a little after every look. Prints how it learns with three rates, and draws into FOLDER (lesson4 if none is
named).
Before: lesson3_layers.py. Next: lesson5_network.py.
"""

import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from drawing import Numbers, lines, png, row

SIDE = 40  # pixels of a drawing, across and down
RATES = (0.001, 0.005, 0.01)
STEPS = 10_000


# 1. The pictures: rings are answered with 1, crosses with 0.


def drawings(count: int, seed: int) -> tuple[Numbers, Numbers]:
    """So many drawings, every second a ring, as rows of pixels from 0 (black) to 1 (white); and the answers."""
    chance = np.random.default_rng(seed)
    answers = (np.arange(count) % 2).astype(float)
    return np.stack([drawn(bool(ring), chance).ravel() for ring in answers]), answers


def drawn(ring: bool, chance: np.random.Generator) -> Numbers:
    """One drawing in dark ink on light paper: somewhere about the middle, of any size, never twice the same."""
    rows, columns = np.mgrid[:SIDE, :SIDE] - SIDE / 2 - chance.uniform(-5, 5, (2, 1, 1))
    size, pen, ink = chance.uniform(8, 13), chance.uniform(1.2, 2.4), chance.uniform(0.6, 1)
    if ring:
        far = np.abs(np.hypot(rows, columns) - size)
    else:
        far = np.abs(np.abs(rows) - np.abs(columns)) / np.sqrt(2)  # from the nearer of two slanting lines
        far[np.maximum(np.abs(rows), np.abs(columns)) > size] = SIDE
    paper: Numbers = 1 - ink * np.clip(pen + 0.5 - far, 0, 1)
    return (paper + chance.normal(0, 0.05, paper.shape)).clip(0, 1)


# 2. The layer: as many weights as pixels, and one number more.


@dataclass(frozen=True)
class Layer:
    """What the layer knows. At first, nothing."""

    weights: Numbers
    bias: float = 0.0

    def sums(self, pictures: Numbers) -> Numbers:
        """All votes of a picture added up: above 0 it says ring, below 0 cross."""
        sums: Numbers = pictures @ self.weights + self.bias
        return sums


def sigmoid(sums: Numbers) -> Numbers:
    """Any number becomes a probability: 0 is 0.5, 3 is 0.95, -3 is 0.05."""
    return np.exp(-np.logaddexp(0, -sums))  # 1 / (1 + exp(-sums)) that never overflows


# 3. How wrong is it? One number for all pictures.


def loss(sums: Numbers, answers: Numbers) -> float:
    """Surprise at the right answers, on average: 0.693 if it guesses, 0 if it knows."""
    return float(np.mean(np.logaddexp(0, sums) - answers * sums))


def hasty_loss(sums: Numbers, answers: Numbers) -> float:
    """The same as textbooks write it: for a probability of 1, the logarithm of 0."""
    chances = 1 / (1 + np.exp(-sums))
    return float(-np.mean(answers * np.log(chances) + (1 - answers) * np.log(1 - chances)))


# 4. Learning: which way does the loss fall, and a small step that way.


def slope(layer: Layer, pictures: Numbers, answers: Numbers, decay: float = 0.0) -> Layer:
    """How much the loss rises with each weight and with the bias: "said minus right"."""
    errors = (sigmoid(layer.sums(pictures)) - answers) / len(answers)
    return Layer(pictures.T @ errors + decay * layer.weights, float(errors.sum()))


def learn(
    pictures: Numbers, answers: Numbers, rate: float, steps: int = STEPS, decay: float = 0.0
) -> tuple[Layer, list[float]]:
    """The layer after so many steps down, and the loss before each."""
    layer, losses = Layer(np.zeros(pictures.shape[1])), []
    for _ in range(steps):
        losses.append(loss(layer.sums(pictures), answers))
        down = slope(layer, pictures, answers, decay)
        layer = Layer(layer.weights - rate * down.weights, layer.bias - rate * down.bias)
    return layer, losses


def right(layer: Layer, pictures: Numbers, answers: Numbers) -> float:
    """The share of pictures that it names rightly."""
    return float(np.mean((layer.sums(pictures) > 0) == (answers > 0.5)))


# 5. How large may a step be? The loss is a valley, and its steepest bend decides.


def bound(pictures: Numbers) -> float:
    """Below this rate the loss falls at every step. Above it, a step may land higher."""
    rows = np.hstack([pictures, np.ones((len(pictures), 1))])  # the bias: a pixel of 1
    bend = np.linalg.norm(rows, 2) ** 2 / len(rows) / 4  # the sigmoid's own bend: 1/4
    return float(2 / bend)


# 6. What one layer cannot learn.


def negatives(pictures: Numbers) -> Numbers:
    """Every second pair of drawings in white on black: half the rings, half the crosses."""
    inked = np.arange(len(pictures)) % 4 < 2
    return np.where(inked[:, None], pictures, 1 - pictures)


def main(folder: str = "lesson4") -> None:
    """Learn with three rates; print what came of it, and draw it into the folder."""
    room = Path(folder)
    pictures, answers = drawings(60, seed=0)
    others, truths = drawings(400, seed=1)
    show(room / "drawings.svg", pictures[:8], [("cross", "ring")[int(each)] for each in answers[:8]])

    print(f"60 drawings of {SIDE} × {SIDE} pixels: {SIDE * SIDE:,} weights and 1 bias, all 0.")
    print(f"Knowing nothing it says 0.5 to everything. Its loss: {loss(np.zeros(60), answers):.3f}")
    learnt = {rate: learn(pictures, answers, rate) for rate in RATES}
    print("\n rate   rises   loss after 10      100    1,000   10,000 steps   right of 400 new drawings")
    for rate, (layer, losses) in learnt.items():
        rises = int(np.sum(np.diff(losses) > 0))
        shown = "  ".join(f"{losses[step - 1]:7.3f}" for step in (10, 100, 1000, 10_000))
        print(f"{rate:5}   {rises:5}         {shown}   {right(layer, others, truths):22.1%}")
    plots(room, {f"rate {rate}": losses for rate, (_, losses) in learnt.items()})

    sure, yes = np.array([800.0]), np.array([1.0])
    with np.errstate(all="ignore"):
        print(f"\nVery sure, and right: a loss of {loss(sure, yes):g}; as textbooks write it: {hasty_loss(sure, yes)}.")
    lighter = pictures.mean(0)
    print(f"Below a rate of {bound(pictures):.4f} the loss falls at every step, whatever the answers are.")
    print(f"With the average drawing subtracted from each, that is {bound(pictures - lighter):.3f}.")

    layer, _ = learnt[0.005]
    png(room / "weights.png", layer.weights.reshape(SIDE, SIDE), scale=6)
    sums = layer.sums(others)
    doubtful = np.argsort(np.abs(sums))[:8]
    show(room / "doubtful.svg", others[doubtful], [f"ring: {each:.2f}" for each in sigmoid(sums[doubtful])])
    endless(pictures, answers)

    mixed, _ = learn(negatives(pictures), answers, rate=0.005, steps=2000)
    print("\nHalf of the drawings in white on black:")
    print(f"  of the 60 that it learnt, right:     {right(mixed, negatives(pictures), answers):6.1%}")
    print(f"  of 400 new ones:                     {right(mixed, negatives(others), truths):6.1%}")
    print(f"\nDrawn into {room}/")


def endless(pictures: Numbers, answers: Numbers) -> None:
    """Print how the weights grow for ever, unless something pulls them back."""
    print("\nsteps    length of all weights    with decay")
    for steps in (40, 400, 4000):
        free, held = (learn(pictures, answers, 0.005, steps, decay)[0].weights for decay in (0, 0.05))
        print(f"{steps:6,} {np.linalg.norm(free):24.2f} {np.linalg.norm(held):18.2f}")


def show(path: Path, pictures: Numbers, names: list[str]) -> None:
    """Draw pictures in a row."""
    planes = np.round(255 * pictures).astype(np.uint8).reshape(-1, SIDE, SIDE)
    row(path, list(zip(names, planes, strict=True)), size=80)


def plots(room: Path, losses: dict[str, list[float]]) -> None:
    """Draw how the losses fall: the first steps, and all of them."""
    begun = {name: each[:80] for name, each in losses.items()}
    lines(room / "first-steps.svg", begun, "The first 80 steps", "step", "loss")
    every = np.linspace(0, STEPS - 1, 200).astype(int)
    whole = {name: (every + 1, np.array(each)[every]) for name, each in losses.items()}
    lines(room / "all-steps.svg", whole, "All 10,000 steps", "step", "loss")


if __name__ == "__main__":
    main(*sys.argv[1:])
