"""Model files of strangers: code, links, bombs, lies and damage are refused with a reason, and nothing is executed."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

from classify import runtime
from classify.backbones.build import build
from classify.backbones.table import BACKBONES
from classify.file import Classifier, arrays, read_card, vocabulary
from classify.file.archive import ARRAYS, CARD, CONFIG, WEIGHTS
from classify.nets import NETS
from classify.nouns import Recipe
from imgtool.errors import ImgtoolError, Refused, StorageError, UsageError
from tests.nets import model, pictures

CANARY = "canary"
RUN = f"__import__('pathlib').Path({CANARY!r}).touch()"


@pytest.fixture(scope="module")
def members(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    path = model(tmp_path_factory.mktemp("models") / "model.keras")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def packed(members: dict[str, bytes], how: int = zipfile.ZIP_STORED) -> Path:
    path = Path("model.keras")
    with zipfile.ZipFile(path, "w", how) as archive:
        for name, body in members.items():
            archive.writestr(name, body)
    return path


def refusal(path: Path, kind: type[ImgtoolError]) -> str:
    """Why the file is not opened; whatever it wanted to run has not run."""
    with pytest.raises(kind) as said:
        Classifier.load(path).answers(pictures())
    assert not Path(CANARY).exists()
    assert type(said.value) is kind
    assert said.value.hint
    return str(said.value)


def layer(**entry: Any) -> Callable[[dict[str, Any]], None]:
    """A layer more in the heart of the network."""

    def put(config: dict[str, Any]) -> None:
        heart = next(each for each in config["config"]["layers"] if each["config"]["name"] == "network")
        heart["config"]["layers"].append({"name": "x", "inbound_nodes": [], "config": {"name": "x"}, **entry})

    return put


def lambda_value(config: dict[str, Any]) -> None:
    config["config"]["layers"][1]["config"]["scale"] = {"class_name": "__lambda__", "config": {"value": RUN}}


def flipped(config: dict[str, Any]) -> None:
    """CVE-2025-9906: a config that turns the safe mode off before its lambda comes."""
    config["config"]["layers"].insert(
        0,
        {
            "module": "keras.config",
            "class_name": "function",
            "config": "enable_unsafe_deserialization",
            "registered_name": "enable_unsafe_deserialization",
        },
    )


def registered(config: dict[str, Any]) -> None:
    config["config"]["layers"][1]["registered_name"] = "somebody>Rescaling"


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (layer(class_name="Lambda", module="keras.layers"), "runs code that comes with the file"),
        (layer(class_name="TorchModuleWrapper", module="keras.layers"), "keras.layers.TorchModuleWrapper"),
        (layer(class_name="TFSMLayer", module="keras.layers"), "keras.layers.TFSMLayer"),
        (layer(class_name="system", module="os"), "made of 'os.system'"),
        (layer(class_name="Evil", module="evil.layers"), "evil.layers.Evil"),
        (layer(class_name="Dense", module=None), "'Dense'"),
        (layer(class_name="Dense", module="keras.src.layers.core.dense"), "which no network of ours has"),
        (layer(class_name="get_file", module="keras.utils"), "keras.utils.get_file"),
        (layer(class_name="__typespec__", module="subprocess", spec_name="Popen"), "subprocess.__typespec__"),
        (layer(class_name=["Dense"], module="keras.layers"), "no network of ours"),
        (lambda_value, "__lambda__"),
        (flipped, "enable_unsafe_deserialization"),
        (registered, "somebody>Rescaling"),
    ],
)
def test_code_in_a_config_is_refused(members: dict[str, bytes], edit: Callable[..., None], words: str) -> None:
    config = json.loads(members[CONFIG])
    edit(config)
    assert words in refusal(packed({**members, CONFIG: json.dumps(config).encode()}), Refused)


def test_a_real_lambda_layer_is_refused_too(members: dict[str, bytes]) -> None:
    keras = runtime.keras()
    whole = keras.Sequential([keras.Input((4, 4, 3)), keras.layers.Lambda(lambda x: eval(RUN) or x)])
    with runtime.quiet():
        whole.save("lambda.keras")
    with zipfile.ZipFile("lambda.keras") as archive:
        config = archive.read(CONFIG)
    Path(CANARY).unlink()  # the layer ran when it was made, here
    assert "runs code" in refusal(packed({**members, CONFIG: config}), Refused)


@pytest.mark.parametrize(
    "name",
    ["../canary", "/tmp/canary", "..\\canary", "assets/../../canary", "assets/x.py", "model.weights.npz", "a\x00b"],
)
def test_members_that_no_model_has_are_refused(members: dict[str, bytes], name: str) -> None:
    assert "no model of ours has" in refusal(packed({**members, name: b"x"}), Refused)
    assert not Path("../canary").exists()


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_two_members_of_one_name_are_refused(members: dict[str, bytes]) -> None:
    path = packed(members)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr(CONFIG, b"{}")
    assert "one name" in refusal(path, Refused)


def test_a_bomb_is_refused_before_it_is_unpacked(members: dict[str, bytes]) -> None:
    assert "would unpack to" in refusal(
        packed({**members, WEIGHTS: bytes(64 * 1024**2)}, zipfile.ZIP_DEFLATED), Refused
    )
    assert "would unpack to" in refusal(packed({**members, CARD: bytes(17 * 1024**2)}), Refused)


def weights(members: dict[str, bytes], edit: Callable[[h5py.File], object]) -> dict[str, bytes]:
    held = io.BytesIO(members[WEIGHTS])
    with h5py.File(held, "r+") as file:
        edit(file)
    return {**members, WEIGHTS: held.getvalue()}


def kernel(file: h5py.File) -> h5py.Dataset:
    found: list[h5py.Dataset] = []
    file.visititems(lambda _, each: found.append(each) if isinstance(each, h5py.Dataset) else None)
    return next(each for each in found if each.ndim == 4)


def linked(link: Callable[[str], object]) -> Callable[[h5py.File], None]:
    def edit(file: h5py.File) -> None:
        name = kernel(file).name
        del file[name]
        file[name] = link(name)

    return edit


def outside(file: h5py.File) -> None:
    name = kernel(file).name
    del file[name]
    file.create_dataset(name, (3, 3, 3, 8), "f4", external=[("/etc/passwd", 0, 864)])


def virtual(file: h5py.File) -> None:
    name = kernel(file).name
    del file[name]
    layout = h5py.VirtualLayout((3, 3, 3, 8), "f4")
    layout[:] = h5py.VirtualSource("/etc/passwd", "x", (3, 3, 3, 8))
    file.create_virtual_dataset(name, layout)


def huge(file: h5py.File) -> None:
    file.create_dataset("bomb", (1_000_000, 1_000_000), "f4", chunks=(100, 100))


@pytest.mark.parametrize(
    ("edit", "words"),
    [
        (linked(lambda name: h5py.ExternalLink("/etc/passwd", name)), "lead elsewhere"),
        (linked(lambda name: h5py.SoftLink("/nowhere")), "lead elsewhere"),
        (outside, "lie in another file"),
        (virtual, "lie in another file"),
        (huge, "claim 4,000,000,"),
    ],
)
def test_weights_that_lead_out_of_the_file_are_refused(
    members: dict[str, bytes], edit: Callable[[h5py.File], None], words: str
) -> None:
    assert words in refusal(packed(weights(members, edit)), Refused)


def nan(file: h5py.File) -> None:
    kernel(file)[0, 0, 0, 0] = np.nan


def texts(file: h5py.File) -> None:
    file.create_dataset("words", data=np.array([b"import os"], dtype="S9"))


@pytest.mark.parametrize(("edit", "words"), [(nan, "NaN or infinity"), (texts, "no numbers")])
def test_weights_that_are_no_numbers_are_refused(
    members: dict[str, bytes], edit: Callable[[h5py.File], None], words: str
) -> None:
    assert words in refusal(packed(weights(members, edit)), StorageError)


def test_groups_that_hold_each_other_end(members: dict[str, bytes]) -> None:
    def ring(file: h5py.File) -> None:
        file["one/two"] = file.create_group("one")

    assert len(Classifier.load(packed(weights(members, ring))).card.labels) == 3


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ({"labels": ["a", "b"]}, "3 classes apart, its card names 2"),
        ({"labels": ["a", "b", "b"]}, "repeated label"),
        ({"labels": []}, "no list of labels"),
        ({"labels": None}, "no list of labels"),
        ({"labels": ["a", 1, "c"]}, "not a text"),
        ({"size": 64}, "takes pictures of 32 × 32, its card says 64"),
        ({"size": 10**9}, "not from 1 to"),
        ({"temperature": 0}, "not above 0"),
        ({"temperature": None}, "not above 0"),
        ({"sure": 7}, "not from 0 to 1"),
        ({"counts": [1]}, "counts on its card"),
        ({"imgtool": 2}, "newer imgtool"),
        ({"imgtool": "1"}, "not a whole number"),
    ],
)
def test_a_card_that_lies_is_refused(members: dict[str, bytes], said: dict[str, object], words: str) -> None:
    card = json.loads(members[CARD]) | said
    assert words in refusal(packed({**members, CARD: json.dumps(card).encode()}), StorageError)


def test_what_a_later_card_says_besides_is_let_be(members: dict[str, bytes]) -> None:
    card = json.loads(members[CARD]) | {"mood": "good"}
    assert read_card(packed({**members, CARD: json.dumps(card).encode()})).labels == ("bear", "cat", "dog")


def header(shape: tuple[int, ...], kind: str) -> bytes:
    held = io.BytesIO()
    np.lib.format.write_array_header_1_0(held, {"descr": kind, "fortran_order": False, "shape": shape})
    return held.getvalue()


def npz(body: bytes) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as file:
        file.writestr("x.npy", body)
    return held.getvalue()


def pickled() -> bytes:
    held = io.BytesIO()
    np.save(held, np.array([Path(CANARY)], dtype=object), allow_pickle=True)
    return npz(held.getvalue())


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (pickled(), "only a pickle can hold"),
        (npz(header((10**12,), "<f4") + bytes(64)), "claims"),
        (npz(header((-1,), "<f4")), "claims"),
        (npz(b"\x93NUMPY\x09\x09"), "version"),
        (npz(b"hello"), "magic"),
        (b"PK\x03\x04 and no more", "not a zip"),
    ],
)
def test_arrays_that_are_no_arrays_are_refused(members: dict[str, bytes], body: bytes, words: str) -> None:
    assert words in refusal(packed({**members, ARRAYS: body}), StorageError)


def test_arrays_of_every_kind_that_we_write_come_back() -> None:
    given = {"a": np.eye(2, dtype=np.float32), "b": np.array(["bär"]), "c": np.array(True), "d": np.zeros((0, 3))}
    back = arrays.decode(arrays.encode(given), "it")
    assert {name: each.tolist() for name, each in back.items()} == {name: each.tolist() for name, each in given.items()}


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b"", "not a zip"),
        (b"\x89HDF\r\n\x1a\n" + bytes(100), "not a zip"),
        (b"PK\x05\x06" + bytes(18), "has no config.json"),
    ],
)
def test_what_is_no_model_is_said(body: bytes, words: str) -> None:
    Path("model.keras").write_bytes(body)
    assert words in refusal(Path("model.keras"), UsageError)


def test_a_model_of_plain_keras_is_told_from_ours(members: dict[str, bytes]) -> None:
    del (plain := dict(members))[CARD]
    assert "no model of imgtool's" in refusal(packed(plain), UsageError)


def test_a_missing_model_and_a_folder_are_said(here: Path) -> None:
    assert "There is no model" in refusal(Path("none.keras"), UsageError)
    assert "is a folder" in refusal(here, UsageError)


def test_a_model_cut_off_anywhere_is_refused(members: dict[str, bytes]) -> None:
    whole = packed(members).read_bytes()
    for share in (0.1, 0.5, 0.9, 0.999):
        Path("model.keras").write_bytes(whole[: int(len(whole) * share)])
        refusal(Path("model.keras"), UsageError)


def test_a_model_with_a_flipped_bit_is_refused(members: dict[str, bytes]) -> None:
    path = packed(members)
    whole = bytearray(path.read_bytes())
    whole[whole.index(b"class_name") + 3] ^= 1
    path.write_bytes(whole)
    assert "Bad CRC-32" in refusal(path, UsageError)


@pytest.mark.parametrize("config", [b"[" * 100_000, b"{", b"[]", b'{"class_name": "Dense", "config": {}}'])
def test_a_config_of_no_network_is_refused(members: dict[str, bytes], config: bytes) -> None:
    refusal(packed({**members, CONFIG: config}), StorageError)


@pytest.mark.slow
@pytest.mark.parametrize("name", [*BACKBONES, *NETS])
def test_the_vocabulary_has_every_word_of_our_networks(name: str) -> None:
    network = NETS[name].build(64, 3) if name in NETS else build(Recipe(name, weights="none")).network
    vocabulary.examine(json.dumps(runtime.keras().saving.serialize_keras_object(network)).encode(), name)


def test_every_word_of_the_vocabulary_is_kerass_own() -> None:
    words = {**vocabulary.CLASSES, "keras.activations": vocabulary.FUNCTIONS}
    missing = {f"{at}.{word}" for at, kinds in words.items() for word in kinds if not hasattr(import_module(at), word)}
    assert not missing
