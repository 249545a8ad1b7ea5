"""Variants: the same for the same seed, safe for labels, and sane on odd pictures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from curate.augment import augmented, dice, posed
from curate.darkroom.render import Source, arrays, shots
from curate.darkroom.treatment import Treatment
from curate.geometry import Pose, affine
from curate.pixels import Pixels, upright, warp
from curate.presets import PRESETS, Preset, preset
from imgtool.errors import UsageError
from tests.painted import encoded, scene

ODD = {
    "one pixel": encoded(np.full((1, 1, 3), 90, np.uint8), "PNG"),
    "a line": encoded(np.full((1, 300, 3), 90, np.uint8), "PNG"),
    "grey": encoded(scene(40, 30)[:, :, 0], "JPEG"),
    "grey and alpha": encoded(np.dstack([scene(40, 30)[:, :, 0]] * 2), "PNG"),
    "alpha": encoded(np.dstack([scene(40, 30), scene(40, 30)[:, :, 0]]), "PNG"),
    "16 bits": encoded(scene(40, 30)[:, :, 0].astype(np.uint16) * 257, "PNG"),
}


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
@pytest.mark.parametrize("fit", ["pad", "crop", "stretch"])
def test_odd_pictures_have_valid_variants(name: str, data: bytes, fit: str) -> None:
    source = Source(data, "0" * 64, tuple(range(9)), flip=True)
    made = arrays(source, Treatment(size=24, fit=fit, augment=name))
    assert isinstance(made, list)
    assert all(pixels.shape == (24, 24, 3) and pixels.dtype == np.uint8 for pixels in made)
    again = arrays(source, Treatment(size=24, fit=fit, augment=name))
    assert isinstance(again, list)
    assert all(np.array_equal(one, two) for one, two in zip(made, again, strict=True))


@pytest.mark.parametrize("data", ODD.values(), ids=ODD)
def test_odd_pictures_are_readable_files_at_their_own_size(data: bytes) -> None:
    made = shots(Source(data, "0" * 64, (0, 1), flip=True), Treatment(augment="strong"))
    assert isinstance(made, list)
    for shot in made:
        pixels = upright_of(shot.data)
        assert pixels.shape == (shot.height, shot.width, 3)


def upright_of(data: bytes) -> Pixels:
    from curate.darkroom.render import LENIENT

    pixels = upright(data, LENIENT)
    assert isinstance(pixels, np.ndarray)
    return pixels


@pytest.mark.parametrize("name", PRESETS)
def test_a_copy_depends_on_its_seed_picture_and_number_alone(name: str) -> None:
    picture, chosen = scene(64, 48), preset(name)
    made = {
        (seed, sha, copy): augmented(picture, chosen, dice(seed, sha, copy)).tobytes()
        for seed in (0, 1)
        for sha in ("a", "b")
        for copy in (1, 2)
    }
    assert len(set(made.values())) == 8
    assert made == {key: augmented(picture, chosen, dice(*key)).tobytes() for key in reversed(made)}


def test_a_class_that_must_not_be_mirrored_never_is_and_nothing_else_changes() -> None:
    mirrored = 0
    for copy in range(50):
        free = posed(PRESETS["light"], dice(0, "a", copy), flip=True)
        safe = posed(PRESETS["light"], dice(0, "a", copy), flip=False)
        assert not safe.flip
        mirrored += free.flip
        assert Pose(free.rotate, free.shear, free.zoom, free.shift_x, free.shift_y) == safe
    assert 10 < mirrored < 40


def test_digits_are_never_mirrored_nor_turned_far() -> None:
    poses = [posed(PRESETS["digits"], dice(0, "a", copy), flip=True) for copy in range(200)]
    assert not any(pose.flip for pose in poses)
    assert max(abs(pose.rotate) for pose in poses) <= 15


def test_standing_still_changes_nothing() -> None:
    picture = scene(41, 30)
    assert np.array_equal(warp.warped(picture, affine(Pose(), 41, 30), "edge"), picture)
    assert np.array_equal(warp.warped(picture, affine(Pose(flip=True), 41, 30), "edge"), picture[:, ::-1])
    assert np.array_equal(augmented(picture, Preset(), dice(0, "a", 1)), picture)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_grey_picture_stays_grey(copy: int) -> None:
    grey = np.repeat(scene(32, 24)[:, :, :1], 3, axis=2)
    made = augmented(grey, Preset(colour=0.5, hue=30, brightness=0.2, contrast=0.3), dice(0, "a", copy)).astype(int)
    assert np.ptp(made, axis=2).max() <= 1  # the last bit is rounding


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6))
def test_a_patch_never_hides_everything(copy: int) -> None:
    white = np.full((40, 40, 3), 255, np.uint8)
    white[0, 0] = 0  # so that the mean colour differs
    made = augmented(white, Preset(cutout=0.5), dice(0, "a", copy))
    assert (made == white).all(axis=2).mean() >= 0.75


def test_an_unknown_preset_names_those_known() -> None:
    with pytest.raises(UsageError) as caught:
        preset("wild")
    assert "classic" in caught.value.hint
