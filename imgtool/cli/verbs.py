"""The verbs by name and what each is for; a verb's module is loaded when someone names it.

Loaded all together they cost a fifth of a second, and a command line names one.
"""

from __future__ import annotations

from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from types import MappingProxyType
from typing import Any

import typer
from typer.main import get_command

from imgtool.cli.help import Command, Group, brief

VERBS: Mapping[str, str] = MappingProxyType(
    {
        "make": "Scrape, clean, split and train: from class names to a model and its report, in one command.",
        "scrape": "Search for classes by name and keep unique, decodable pictures, one folder a class.",
        "check": "Look at every picture once: broken, blank, blurred, tiny, odd ones; nothing is removed unless asked.",
        "dedupe": "Take exact and near duplicates out of each class; the best of each group stays.",
        "review": "Look through a dataset in the browser: duplicates, findings, classes.",
        "noise": "Find pictures whose label is probably wrong, that belong to no class, or that stand for a shortcut.",
        "undo": "Take back the last change, or an earlier one: same bytes, same names, same classes.",
        "split": "Divide a dataset into training, validation and test; "
        "no twin of a training picture is in another split.",
        "augment": "Show what augmentation makes of a dataset; without --preview, say what each preset does.",
        "export": "Write the split dataset in a form that Keras, PyTorch, datasets, webdataset or tf.data load.",
        "regions": "Cut pictures with known boxes into a dataset of objects and background, "
        "to train a detector of the old school.",
        "train": "Learn a dataset's classes; leaves one model file and a report to read.",
        "evaluate": "Ask a model about pictures whose class is known: "
        "how many it names right, what that proves, what it confuses.",
        "predict": 'Say what pictures show, with probabilities, and "not sure" where the model is not.',
        "locate": "Find where things are in pictures: boxes with names, drawn beside each photo or told with --json.",
        "explain": "Show what a model does with one picture, from its pixels to its name, on one page to read.",
        "graph": "Draw how many pictures of a dataset came how far, and a model's layers, as an SVG.",
        "export-model": "Write a model in a form that other programs run: "
        "ONNX, TensorFlow Lite, SavedModel, or two HDF5 files.",
        "bundle": "Put models into a folder that serves them elsewhere with one command: `sh run`.",
        "what": "Say what pictures show in the thousand names of ImageNet; nothing needs to be trained.",
        "serve": "Serve models in the browser and to programs: drop a picture, draw a digit, POST /api/predict.",
        "info": "Count a dataset by class, source, licence and state; say what each class lacks.",
        "demo": "The whole program on a small web of its own; no internet needed.",
        "doctor": "Look at this machine, and ask every engine one small question.",
        "engines": "The engines, the filters that each can translate, and the keys they need.",
        "snippet": "JavaScript for the console of a Google or Bing result page; it saves a list for --from.",
        "config": "Which settings hold, and who said so.",
    }
)


class Commands(UserDict[str, Any]):
    """Commands by name: the command itself, or what it is for until someone asks for it."""

    def __getitem__(self, name: str) -> Any:
        """The command, loaded now if it was not."""
        if isinstance(self.data[name], str):
            self.data[name] = load(name)
        return self.data[name]


class Root(Group):
    """The command that all verbs are below."""

    def __init__(self, **attrs: Any) -> None:
        super().__init__(**attrs)
        self.commands: Commands = Commands({**VERBS, **self.commands})

    def summaries(self) -> list[tuple[str, str]]:
        """What each is for; nothing is loaded to know that."""
        return [(name, found if isinstance(found, str) else brief(found)) for name, found in self.commands.data.items()]


def load(name: str) -> Any:
    """The command of that name, with its flags: a function of its module, or a group of them."""
    word = name.replace("-", "_")
    found = getattr(import_module(f"imgtool.cli.{word}"), word)
    if isinstance(found, typer.Typer):
        return get_command(found)
    alone = typer.Typer(add_completion=False)
    alone.command(name, cls=Command)(found)
    return get_command(alone)
