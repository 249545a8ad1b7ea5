"""Keras and TensorFlow, brought in late and quietly: the only place that starts them.

    net = keras().Sequential([...])

Starting them takes seconds and prints pages about processors; neither is for whoever asked for a picture's name.
"""

from __future__ import annotations

import logging
import os
import sys
import tempfile
import threading
import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from functools import cache
from importlib import metadata
from types import MappingProxyType, ModuleType
from typing import Any

from imgtool.errors import ImgtoolError
from imgtool.version import __version__

ENVIRONMENT: Mapping[str, str] = MappingProxyType(
    {
        "TF_CPP_MIN_LOG_LEVEL": "3",  # what is worth knowing comes as an exception as well
        "GRPC_VERBOSITY": "ERROR",
    }
)
LOGGERS = ("tensorflow", "absl", "h5py")
PACKAGES = ("keras", "tensorflow", "numpy")
LOCK = threading.RLock()


def keras() -> ModuleType:
    """Keras on TensorFlow, in 32 bits, with its channels last; ImgtoolError when it runs on something else."""
    with LOCK:
        return _started()


def tensorflow() -> ModuleType:
    """TensorFlow, started as `keras` starts it."""
    keras()
    import tensorflow

    module: ModuleType = tensorflow
    return module


@cache
def _started() -> ModuleType:
    os.environ["KERAS_BACKEND"] = "tensorflow"
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)
    with quiet():
        keras, tensorflow = _installed()
        for gpu in tensorflow.config.list_physical_devices("GPU"):
            with suppress(RuntimeError):  # somebody has used it before us, and decided
                tensorflow.config.experimental.set_memory_growth(gpu, enable=True)
        tensorflow.config.list_logical_devices()  # the first look at a GPU chats too
    module: ModuleType = keras
    return settled(module)


def _installed() -> tuple[Any, Any]:
    """Keras and TensorFlow."""
    try:
        import keras
        import tensorflow
    except ModuleNotFoundError as error:
        raise absent(error) from error
    return keras, tensorflow


def absent(error: ModuleNotFoundError) -> ImgtoolError:
    """What to say where TensorFlow, or what comes with it, is left out, as in a bundle that only serves."""
    hint = "Install all of imgtool; or bundle the model again, where it was trained."
    return ImgtoolError(f"This needs TensorFlow, and there is no {error.name} here.", hint=hint)


def settled(module: ModuleType) -> ModuleType:
    """It, in the state that all of `classify` counts on, whatever a person's own keras.json says."""
    if module.config.backend() != "tensorflow":
        hint = "Start Python with KERAS_BACKEND=tensorflow, or import imgtool's part before Keras."
        raise ImgtoolError(f"Keras runs on {module.config.backend()} here; imgtool needs TensorFlow.", hint=hint)
    module.config.set_floatx("float32")
    module.config.set_dtype_policy("float32")
    module.config.set_image_data_format("channels_last")
    for name in LOGGERS:
        logging.getLogger(name).setLevel(logging.ERROR)
    return module


@contextmanager
def quiet() -> Iterator[None]:
    """Nothing that C++ or a deprecation says reaches the terminal; all of it does when what is inside fails."""
    with LOCK, tempfile.TemporaryFile() as said, warnings.catch_warnings():
        for kind in (DeprecationWarning, PendingDeprecationWarning, FutureWarning, UserWarning):
            warnings.simplefilter("ignore", kind)
        try:
            with _turned(said.fileno()):
                yield
        except Exception:
            said.seek(0)
            os.write(2, said.read())
            raise


@contextmanager
def _turned(target: int) -> Iterator[None]:
    """File descriptor 2 goes to the target: libraries write to it behind Python's back."""
    try:
        ours = os.dup(2)
    except OSError:  # closed: nobody hears anything as it is
        yield
        return
    if sys.stderr is not None:
        sys.stderr.flush()
    os.dup2(target, 2)
    try:
        yield
    finally:
        if sys.stderr is not None:
            sys.stderr.flush()
        os.dup2(ours, 2)
        os.close(ours)


def seeded(seed: int) -> None:
    """From here on chance is the same for the same seed, down to the order of sums."""
    keras().utils.set_random_seed(seed)
    tensorflow().config.experimental.enable_op_determinism()


def device() -> str:
    """What runs the networks: "CPU, 2 threads", or the GPU's name."""
    config = tensorflow().config
    gpus = config.list_physical_devices("GPU")
    if gpus:
        return str(config.experimental.get_device_details(gpus[0]).get("device_name", "GPU"))
    count = config.threading.get_intra_op_parallelism_threads() or threads()
    return f"CPU, {count} thread{'s' * (count != 1)}"


def threads() -> int:
    """How many processors are ours."""
    return os.cpu_count() or 1 if sys.platform == "darwin" else len(os.sched_getaffinity(0))


def versions() -> dict[str, str]:
    """What made a model; known without starting any of it."""
    return {"imgtool": __version__} | {name: metadata.version(name) for name in PACKAGES}
