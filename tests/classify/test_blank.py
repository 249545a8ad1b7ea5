"""Of a blank sheet nothing is said for sure."""

from __future__ import annotations

import numpy as np

from classify.digits import read
from classify.digits.blank import WHY, doubted
from classify.nouns import Judgement
from tests.written import drawn

ONE = Judgement((("1", 0.96), ("7", 0.04)), True)


def test_only_what_has_no_ink_on_it_is_doubted() -> None:
    batch = np.concatenate([read(drawn(1)), read(np.full((50, 50, 3), 255, np.uint8))])

    said = doubted([ONE, ONE], batch)

    assert said[0] == ONE
    assert (said[1].sure, said[1].why, said[1].ranked) == (False, WHY, ONE.ranked)
