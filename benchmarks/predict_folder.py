"""A folder of pictures named by a model: `imgtool predict` against the scripts that people write.

    python benchmarks/predict_folder.py model.keras photos/            # every way, three times, one after the other
    python benchmarks/predict_folder.py model.keras photos/ --runs 1 --only imgtool

"script" is what a tutorial does: `load_model`, then `load_img` and `predict` for each file. "dataset" is the careful
form: `image_dataset_from_directory` in batches of 32, whose answers have to be matched with their files. Both get the
model's own size and read its labels from the card. A figure is a whole process in its own right, start included; the
quick form of the model is made beforehand, as `train` does. The names must agree.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

SCRIPT = """
import glob, json, sys, zipfile
import numpy as np, keras
model, folder = sys.argv[1:]
card = json.loads(zipfile.ZipFile(model).read("imgtool.json"))
net, size = keras.saving.load_model(model), card["size"]
for path in sorted(glob.glob(folder + "/**/*.jpg", recursive=True)):
    picture = keras.utils.img_to_array(keras.utils.load_img(path, target_size=(size, size)), dtype="uint8")
    shares = net.predict(picture[None], verbose=0)[0]
    print(json.dumps({"picture": path, "label": card["labels"][int(np.argmax(shares))]}))
"""
DATASET = """
import json, sys, zipfile
import numpy as np, keras
model, folder = sys.argv[1:]
card = json.loads(zipfile.ZipFile(model).read("imgtool.json"))
net, size = keras.saving.load_model(model), card["size"]
data = keras.utils.image_dataset_from_directory(folder, labels=None, shuffle=False, batch_size=32,
                                                image_size=(size, size), verbose=False)
import tensorflow as tf
shares = net.predict(data.map(lambda batch: tf.cast(batch, tf.uint8)), verbose=0)
for path, row in zip(data.file_paths, shares):
    print(json.dumps({"picture": path, "label": card["labels"][int(np.argmax(row))]}))
"""
IMGTOOL = "from imgtool.cli import main; main()"
WAYS = {
    "imgtool": lambda model, folder: ["-c", IMGTOOL, "predict", model, folder, "--jsonl", "--quiet"],
    "script": lambda model, folder: ["-c", SCRIPT, model, folder],
    "dataset": lambda model, folder: ["-c", DATASET, model, folder],
}


@dataclass(frozen=True, slots=True)
class Took:
    """One run."""

    seconds: float
    first: float  # seconds to the first answer
    names: dict[str, str]  # file → label


def run(way: str, model: str, folder: str) -> Took:
    line = [sys.executable, *WAYS[way](model, folder)]
    quiet = os.environ | {"TF_CPP_MIN_LOG_LEVEL": "3", "PYTHONPATH": str(Path(__file__).parents[1])}
    began, first, names = time.perf_counter(), 0.0, {}
    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=quiet) as process:
        assert process.stdout
        for answer in process.stdout:
            if answer.startswith("{"):
                first = first or time.perf_counter() - began
                told = json.loads(answer)
                names[os.path.realpath(told["picture"])] = told["label"]
    return Took(time.perf_counter() - began, first, names)


def main() -> None:
    given = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    given.add_argument("model")
    given.add_argument("folder")
    given.add_argument("--runs", type=int, default=3)
    given.add_argument("--only", default=",".join(WAYS))
    asked = given.parse_args()
    run("imgtool", asked.model, asked.folder)  # makes the quick form, and warms the disk's cache
    ways = asked.only.split(",")
    took = {way: [run(way, asked.model, asked.folder) for _ in range(asked.runs)] for way in ways}
    ours = took.get("imgtool", [Took(0, 0, {})])[0].names
    print("| way | pictures | seconds | a second | first answer | same name as imgtool |\n|---|---|---|---|---|---|")
    for way, runs in took.items():
        seconds, names = statistics.median(one.seconds for one in runs), runs[0].names
        same = sum(ours.get(path) == label for path, label in names.items()) / max(len(names), 1)
        first = statistics.median(one.first for one in runs)
        print(f"| {way} | {len(names)} | {seconds:.1f} | {len(names) / seconds:.1f} | {first:.1f} s | {same:.1%} |")


if __name__ == "__main__":
    main()
