"""How each format is loaded: the code that the card of every export shows, and that a test runs."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

NPZ = """\
import numpy as np

data = np.load("data.npz")
train = data["split"] == "train"
x_train, y_train = data["x"][train], data["y"][train]
"""

TREE = """\
import keras

train = keras.utils.image_dataset_from_directory("train", image_size=(224, 224))
"""

HF = """\
import os

import datasets

dataset = datasets.load_dataset(os.getcwd())
picture, label = dataset["train"][0]["image"], dataset["train"][0]["label"]
"""

WEBDATASET = """\
import glob

import webdataset

shards = sorted(glob.glob("train-*.tar"))
train = webdataset.WebDataset(shards, shardshuffle=False).decode("rgb").to_tuple("jpg;png", "cls")
picture, label = next(iter(train))
"""

TFRECORD = """\
import tensorflow as tf

shape = {
    "image/encoded": tf.io.FixedLenFeature([], tf.string),
    "image/class/label": tf.io.FixedLenFeature([], tf.int64),
}
records = tf.data.TFRecordDataset(tf.io.gfile.glob("train-*.tfrecord"))
examples = records.map(lambda record: tf.io.parse_single_example(record, shape))
train = examples.map(lambda e: (tf.io.decode_image(e["image/encoded"], channels=3), e["image/class/label"]))
picture, label = next(iter(train))
"""

CROISSANT = """\
import mlcroissant

dataset = mlcroissant.Dataset("croissant.json")
first = next(iter(dataset.records("train")))
picture, label = first["train/image"], first["train/label"]
"""

SNIPPETS: Mapping[str, str] = MappingProxyType(
    {
        "npz": NPZ,
        "tree": TREE,
        "hf": HF,
        "webdataset": WEBDATASET,
        "parquet": HF,
        "tfrecord": TFRECORD,
        "croissant": CROISSANT,
    }
)
