"""The learning rate of an epoch follows from the epochs before it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from classify.nets import NETS, net
from classify.nets.regimen import Regimen, rate
from classify.nouns import Epoch, Learning
from imgtool.errors import UsageError


def past(*losses: float) -> list[Epoch]:
    return [Epoch(number, "scratch", 1, 0.5, loss, 0.5, 0.1, 1) for number, loss in enumerate(losses, 1)]


def test_the_rate_climbs_and_then_falls_in_half_a_wave() -> None:
    regimen = Regimen(epochs=6, rate=1.0, warm=2)
    rates = [rate(regimen, past(*[1.0] * done)) for done in range(6)]
    assert rates[:2] == [0.5, 1.0]
    assert rates[2:] == pytest.approx([0.905, 0.655, 0.345, 0.095], abs=1e-3)


@given(st.integers(1, 200), st.integers(0, 20), st.floats(1e-6, 1))
def test_no_epoch_has_a_rate_of_nothing_or_above_the_highest(epochs: int, warm: int, highest: float) -> None:
    regimen = Regimen(epochs=epochs, rate=highest, warm=min(warm, epochs))
    assert all(0 < rate(regimen, past(*[1.0] * done)) <= highest * (1 + 1e-12) for done in range(epochs))


@pytest.mark.parametrize(
    ("losses", "expected"),
    [((), 1.0), ((0.9, 0.8), 1.0), ((0.9, 0.9, 0.9), 0.5), ((0.9, 0.9, 0.9, 0.8), 0.5), ((0.9,) * 5, 0.25)],
    ids=["at first", "while it gets better", "on a plateau", "and stays there", "halved again"],
)
def test_a_plateau_halves_the_rate(losses: tuple[float, ...], expected: float) -> None:
    assert rate(Regimen(epochs=9, rate=1.0, decay="plateau", patience=4), past(*losses)) == expected


def test_what_a_person_asks_for_comes_before_what_is_usual() -> None:
    usual = Regimen(epochs=9, rate=1.0, patience=3)
    assert usual.asked(Learning(epochs=2, rate=0.5)) == Regimen(epochs=2, rate=0.5, patience=3)


def test_the_first_epochs_may_see_smaller_pictures() -> None:
    assert [Regimen(epochs=4, rate=1, early=0.5).side(96, number) for number in (1, 2, 3, 4)] == [64, 64, 96, 96]


def test_the_average_remembers_epochs_however_few_steps_they_have() -> None:
    assert [Regimen(epochs=9, rate=1, average=3).memory(steps) for steps in (1, 100)] == pytest.approx(
        [2 / 3, 299 / 300]
    )
    assert Regimen(epochs=9, rate=1, average=0.1).memory(1) == 0


def test_the_nets_are_in_a_table_and_others_are_not_known() -> None:
    assert set(NETS) == {"small", "modern"}
    with pytest.raises(UsageError, match="No network is called 'huge'"):
        net("huge")
