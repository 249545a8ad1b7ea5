"""Epoch after epoch, each written down before the next: a killed training goes on, to the same result.

    taught = teach(Pupil(network, regimen, "scratch"), task, work, watch)

An epoch depends on the weights, the optimizer, the seed and its number. The best one, by validation accuracy and then
loss, is what the network has in the end; a loss that is no number ends it, and the best so far stays.
"""

from __future__ import annotations

from dataclasses import asdict, replace
from pathlib import Path
from time import perf_counter

import numpy as np

from classify.nets.regimen import Regimen, rate
from classify.nouns import Epoch, Step, Watch, unwatched
from classify.training.batches import Batch, Feed, feed
from classify.training.pupil import Pupil, assign, living, logits, prepare, values
from classify.training.state import Arrays, State, digest, read, write
from classify.training.task import Task, Taught, checked
from imgtool.errors import ImgtoolError

GENTLER = "A smaller learning rate (--rate) keeps it finite; `--sweep lr` shows which."


def teach(pupil: Pupil, task: Task, work: Path, watch: Watch = unwatched, *, base: bool = False) -> Taught:
    """The network taught. `base`: what it can already do counts, and stays where no epoch is better."""
    checked(task)
    source, mark = feed(task, pupil.regimen), marked(pupil, task)
    prepare(pupil, source.steps)
    state = read(work, mark) or begun(pupil, task, base=base)
    assign(living(pupil.network), state.now)
    assign(pupil.network.optimizer.variables, state.optimizer)
    while not state.stopped:
        state = after(state, pupil, source, watch)
        write(work, state, mark)
    assign(living(pupil.network), state.kept)
    return Taught(pupil.network, state.epochs, state.best, state.stopped)


def begun(pupil: Pupil, task: Task, *, base: bool) -> State:
    """Before the first epoch."""
    now = values(living(pupil.network))
    state = State(now, values(pupil.network.optimizer.variables), now)
    return replace(state, height=height(*judged(pupil, task))) if base else state


def after(state: State, pupil: Pupil, source: Feed, watch: Watch) -> State:
    """The state one epoch later."""
    began, number, speed = perf_counter(), len(state.epochs) + 1, rate(pupil.regimen, state.epochs)
    pupil.network.optimizer.learning_rate.assign(speed)
    loss, accuracy = passed(pupil, source, number, watch)
    if not np.isfinite(loss):
        return failed(state, number, speed)
    now, kept, (val_accuracy, val_loss) = measured(pupil, source.task)
    if not np.isfinite(val_loss):
        return failed(state, number, speed)
    epoch = Epoch(number, pupil.stage, loss, accuracy, val_loss, val_accuracy, speed, perf_counter() - began)
    state = replace(state, now=now, optimizer=values(pupil.network.optimizer.variables), epochs=(*state.epochs, epoch))
    watch(Step(named(pupil.regimen, number), 1, 1, f"loss {loss:.2f}, validation {val_accuracy:.3f}", state.epochs))
    if height(val_accuracy, val_loss) > state.height:
        state = replace(state, kept=kept, best=number, height=height(val_accuracy, val_loss))
    return replace(state, stopped=ended(pupil.regimen, number, state.best))


def passed(pupil: Pupil, source: Feed, number: int, watch: Watch) -> tuple[float, float]:
    """One pass over the pictures: mean loss and accuracy, both NaN as soon as a loss is no number."""
    done: list[tuple[float, float]] = []
    for batch in source.epoch(number):
        done.append(step(pupil, batch))
        if not np.isfinite(done[-1][0]):
            return float("nan"), float("nan")
        watch(Step(named(pupil.regimen, number), len(done), source.steps, f"loss {np.mean(done, axis=0)[0]:.2f}"))
    loss, accuracy = np.mean(done, axis=0)
    return float(loss), float(accuracy)


def step(pupil: Pupil, batch: Batch) -> tuple[float, float]:
    """One batch learnt: its loss and accuracy."""
    said = pupil.network.train_on_batch(batch.pixels, batch.targets, sample_weight=batch.weights, return_dict=True)
    return float(said["loss"]), float(said["accuracy"])


def measured(pupil: Pupil, task: Task) -> tuple[Arrays, Arrays, tuple[float, float]]:
    """The weights to go on from, those to keep (their average, if there is one), and how well these do."""
    variables = living(pupil.network)
    now = values(variables)
    pupil.network.optimizer.finalize_variable_values(pupil.network.trainable_variables)
    kept, found = values(variables), judged(pupil, task)
    assign(variables, now)
    return now, kept, found


def judged(pupil: Pupil, task: Task) -> tuple[float, float]:
    """Accuracy and loss on the validation pictures, of their full size in every epoch: that is how it will be used."""
    said = logits(pupil.network, task.val, task.learning.batch).astype(np.float64)
    said -= said.max(axis=1, keepdims=True)
    sure = said - np.log(np.exp(said).sum(axis=1, keepdims=True))
    right = said.argmax(axis=1) == task.val.targets
    return float(right.mean()), float(-sure[np.arange(len(right)), task.val.targets].mean())


def height(accuracy: float, loss: float) -> tuple[float, float]:
    """What makes one epoch better than another."""
    return accuracy, -loss


def ended(regimen: Regimen, number: int, best: int) -> str:
    """Why no epoch follows; "" = one does."""
    if number >= regimen.epochs:
        return f"all {number} epochs"
    if regimen.patience and number - best >= regimen.patience:
        return f"no better for {number - best} epochs"
    return ""


def failed(state: State, number: int, speed: float) -> State:
    """The end of a training whose loss is no number; ImgtoolError when nothing good came before."""
    what = f"The loss was no number in epoch {number} (learning rate {speed:.2g})"
    if not state.best and state.height[0] < 0:
        raise ImgtoolError(f"{what}, and no epoch before it was good.", hint=GENTLER)
    kept = f"epoch {state.best} is kept" if state.best else "the network is as it was before"
    return replace(state, stopped=f"{what}; {kept}. {GENTLER}")


def named(regimen: Regimen, number: int) -> str:
    """What the watcher sees."""
    return f"Epoch {number} of {regimen.epochs}"


def marked(pupil: Pupil, task: Task) -> str:
    """What this training is, and no other."""
    asked = asdict(task.learning) | {"no_flip": sorted(task.learning.no_flip)}  # a set has another order every time
    words = (asked, asdict(pupil.regimen), pupil.stage, task.course.keys, task.val.keys)
    fixed = [variable.numpy() for variable in pupil.network.weights]
    return digest(words, [task.course.targets, task.val.targets, *fixed])
