"""Lesson 3: the other layers, forward and backward. Forward they answer; backward they learn what to change.

    python examples/lessons/lesson3_layers.py [FOLDER]

Every function here comes in two: `relu` computes, `relu_back` tells how the loss at the very end changes if what went
in changes. Prints a check of each, and draws them into FOLDER (lesson3 if none is named).
Before: lesson2_convolution.py. Next: lesson4_sigmoid.py.
"""

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeAlias

import numpy as np
from drawing import Numbers, bars, heat, lines, row
from lesson1_pixels import grey, owl
from lesson2_convolution import KERNELS, conv2d, seen_by, windows
from numpy.typing import NDArray

Layer: TypeAlias = Callable[[Numbers], Numbers | float]

# 1. ReLU: what is below 0 becomes 0.


def relu(x: Numbers) -> Numbers:
    """Positive answers stay; "not at all" and "the very opposite" both become 0."""
    return np.maximum(x, 0)


def relu_back(gradient: Numbers, x: Numbers) -> Numbers:
    """A change passes where x was above 0. Elsewhere nothing came out, so nothing goes back."""
    return gradient * (x > 0)


# 2. Pooling: of every square one number stays.


def squares(x: Numbers, size: int) -> Numbers:
    """Cut into squares: pictures × rows × columns × channels × numbers of a square. What fills no square is left."""
    rows, columns = x.shape[1] // size, x.shape[2] // size
    whole = x[:, : rows * size, : columns * size].reshape(len(x), rows, size, columns, size, -1)
    return whole.transpose(0, 1, 3, 5, 2, 4).reshape(len(x), rows, columns, -1, size * size)


def joined(cut: Numbers, shape: tuple[int, ...], size: int) -> Numbers:
    """Squares put back to where they were cut from; 0 where none was."""
    count, rows, columns, channels = cut.shape[:4]
    x = np.zeros(shape)
    whole = cut.reshape(count, rows, columns, channels, size, size).transpose(0, 1, 4, 2, 5, 3)
    x[:, : rows * size, : columns * size] = whole.reshape(count, rows * size, columns * size, channels)
    return x


def max_pool(x: Numbers, size: int = 2) -> Numbers:
    """The largest of each square: is it anywhere here?"""
    largest: Numbers = squares(x, size).max(axis=-1)
    return largest


def max_pool_back(gradient: Numbers, x: Numbers, size: int = 2) -> Numbers:
    """Only the largest was heard, so the change goes to it alone; of equals, to the first."""
    winners = squares(x, size).argmax(axis=-1)[..., None] == np.arange(size * size)
    return joined(winners * gradient[..., None], x.shape, size)


def average_pool(x: Numbers, size: int = 2) -> Numbers:
    """The mean of each square: how much of it is here?"""
    means: Numbers = squares(x, size).mean(axis=-1)
    return means


def average_pool_back(gradient: Numbers, x: Numbers, size: int = 2) -> Numbers:
    """All were heard alike, so each has its equal part of the change."""
    parts = np.repeat(gradient[..., None] / size**2, size * size, axis=-1)
    return joined(parts, x.shape, size)


# 3. Dense: every number in, weighed, into every number out.


def dense(x: Numbers, weights: Numbers, bias: Numbers) -> Numbers:
    """Pictures × numbers, times weights (numbers × answers), plus a bias: what each answer begins with."""
    return x @ weights + bias


def dense_back(gradient: Numbers, x: Numbers, weights: Numbers) -> tuple[Numbers, Numbers, Numbers]:
    """The changes of what went in, of the weights, and of the bias."""
    return gradient @ weights.T, x.T @ gradient, gradient.sum(axis=0)


# 4. Softmax: scores become shares that add up to 1. Cross-entropy: how surprised they leave us.


def softmax(scores: Numbers) -> Numbers:
    """A share for each score, larger for larger; 1 together. The largest is taken off first, for exp soon overflows."""
    powers = np.exp(scores - scores.max(axis=-1, keepdims=True))
    shares: Numbers = powers / powers.sum(axis=-1, keepdims=True)
    return shares


def softmax_back(gradient: Numbers, scores: Numbers) -> Numbers:
    """One share grows only at the cost of the others: what they all would gain on average is taken off."""
    shares = softmax(scores)
    changed: Numbers = shares * (gradient - (gradient * shares).sum(axis=-1, keepdims=True))
    return changed


def softmax_cross_entropy(scores: Numbers, labels: NDArray[np.int64]) -> float:
    """The loss: minus the logarithm of the share that the right answer has, on average. Sure and right is 0."""
    highest = scores.max(axis=-1, keepdims=True)
    logs = scores - highest - np.log(np.exp(scores - highest).sum(axis=-1, keepdims=True))
    return float(-logs[np.arange(len(labels)), labels].mean())


def softmax_cross_entropy_back(scores: Numbers, labels: NDArray[np.int64]) -> Numbers:
    """What was said minus what was right, for each picture's part of the mean."""
    right = np.eye(scores.shape[1])[labels]
    return (softmax(scores) - right) / len(labels)


# 5. Convolution, backward: lesson 2 was the way there.


def conv2d_back(
    gradient: Numbers, x: Numbers, kernels: Numbers, stride: int = 1, padding: int = 0
) -> tuple[Numbers, Numbers]:
    """The changes of what went in, and of the kernels, which were used at every place and so are told by all."""
    height, width = kernels.shape[:2]
    patches = windows(x, height, width, stride, padding)
    for_kernels: Numbers = np.tensordot(patches, gradient, axes=([0, 1, 2], [0, 1, 2]))
    padded = np.pad(np.zeros_like(x), ((0, 0), (padding, padding), (padding, padding), (0, 0)))
    rows, columns = gradient.shape[1] * stride, gradient.shape[2] * stride
    for down in range(height):
        for across in range(width):  # each number of a kernel gives back to the pixels that it was multiplied with
            part = gradient @ kernels[down, across].T
            padded[:, down : down + rows : stride, across : across + columns : stride] += part
    inner = padded[:, padding : padding + x.shape[1], padding : padding + x.shape[2]]
    return inner, for_kernels.transpose(1, 2, 0, 3)


# 6. Is a gradient right? Nudge every number a little, and see.


def nudged(function: Layer, x: Numbers, gradient: Numbers | float = 1.0) -> Numbers:
    """What a *_back function should say, found out the slow way: for every number, twice the whole computation."""
    slopes, little = np.zeros(x.shape), 1e-6  # smaller loses digits in the subtraction, larger follows the curve
    for place in np.ndindex(x.shape):
        more, less = x.copy(), x.copy()
        more[place] += little
        less[place] -= little
        slopes[place] = np.sum(gradient * (function(more) - function(less))) / (2 * little)
    return slopes


def checks(seed: int = 0) -> dict[str, float]:
    """For every layer the largest difference between its gradient and the nudged one."""
    chance = np.random.default_rng(seed)
    x, kernels = chance.normal(size=(2, 6, 6, 3)), chance.normal(size=(3, 3, 3, 2))
    flat, weights, bias = chance.normal(size=(4, 5)), chance.normal(size=(5, 3)), chance.normal(size=3)
    labels = np.array([0, 2, 1, 1])

    def apart(
        found: Numbers, function: Callable[[Numbers], Numbers | float], at: Numbers, back: Numbers | float
    ) -> float:
        return float(np.abs(found - nudged(function, at, back)).max())

    back = chance.normal(size=(2, 3, 3, 2))
    for_x, for_kernels = conv2d_back(back, x, kernels, 2, 1)
    pooled, out = chance.normal(size=(2, 3, 3, 3)), chance.normal(size=(4, 3))
    for_flat, for_weights, for_bias = dense_back(out, flat, weights)
    scores = dense(flat, weights, bias)
    loss = softmax_cross_entropy_back(scores, labels)
    return {
        "convolution, what goes in": apart(for_x, lambda x: conv2d(x, kernels, 2, 1), x, back),
        "convolution, kernels": apart(for_kernels, lambda kernels: conv2d(x, kernels, 2, 1), kernels, back),
        "ReLU": apart(relu_back(x, x), relu, x, x),
        "max pooling": apart(max_pool_back(pooled, x), max_pool, x, pooled),
        "average pooling": apart(average_pool_back(pooled, x), average_pool, x, pooled),
        "dense, what goes in": apart(for_flat, lambda flat: dense(flat, weights, bias), flat, out),
        "dense, weights": apart(for_weights, lambda weights: dense(flat, weights, bias), weights, out),
        "dense, bias": apart(for_bias, lambda bias: dense(flat, weights, bias), bias, out),
        "softmax": apart(softmax_back(out, scores), softmax, scores, out),
        "softmax and loss": apart(loss, lambda scores: softmax_cross_entropy(scores, labels), scores, 1.0),
    }


def main(folder: str = "lesson3") -> None:
    """Show every layer, and check what it sends back."""
    room, edges = Path(folder), seen_by(grey(owl()).astype(float), KERNELS["left to right"])[None, :, :, None]
    print(f"What a kernel saw: {edges.shape[1]} × {edges.shape[2]}, from {edges.min():g} to {edges.max():g}")
    print(f"after ReLU: from {relu(edges).min():g} to {relu(edges).max():g}")
    print(f"after max pooling: {max_pool(relu(edges)).shape[1]} × {max_pool(relu(edges)).shape[2]}\n")
    scores = np.array([2.0, 1.0, -1.0])
    print(f"scores {scores} become shares {softmax(scores).round(3)}, {softmax(scores).sum():g} together")
    for label, name in enumerate(("owl", "cat", "car")):
        print(f"  if it is the {name}, the loss is {softmax_cross_entropy(scores[None], np.array([label])):.3f}")
    print("\nGradients, and how far the slow way of nudging is from them:")
    for name, apart in checks().items():
        print(f"  {name:28} {apart:.1e}")
    draw(room, edges, scores)
    print(f"\nDrawn into {room}/")


def draw(room: Path, edges: Numbers, scores: Numbers) -> None:
    """A layer a picture."""
    at = np.linspace(-3, 3, 61)
    lines(room / "relu.svg", {"ReLU": (at, relu(at))}, x="what goes in", y="what comes out")
    row(room / "maps.svg", {"what a kernel saw": edges[0, ..., 0], "after ReLU": relu(edges)[0, ..., 0]}, size=260)
    pools = {"max": max_pool, "average": average_pool}
    smaller = {f"{name} of {size} × {size}": pool(relu(edges), size) for name, pool in pools.items() for size in (2, 6)}
    row(room / "pools.svg", {name: x[0, ..., 0] for name, x in smaller.items()}, size=160)
    patch = np.array([[1, 3, 0, 0], [2, 7, 0, 4], [5, 5, 8, 8], [5, 5, 8, 9.0]])[None, :, :, None]
    heat(room / "pool-in.svg", patch[0, ..., 0], "16 numbers")
    heat(room / "pool-max.svg", max_pool(patch)[0, ..., 0], "max")
    heat(room / "pool-average.svg", average_pool(patch)[0, ..., 0], "average")
    heat(room / "pool-back.svg", max_pool_back(np.ones((1, 2, 2, 1)), patch)[0, ..., 0], "max, backward")
    bars(room / "scores.svg", dict(zip(("owl", "cat", "car"), scores, strict=True)), "scores")
    bars(room / "shares.svg", dict(zip(("owl", "cat", "car"), softmax(scores), strict=True)), "shares", decimals=3)


if __name__ == "__main__":
    main(*sys.argv[1:])
