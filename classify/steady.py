"""Linear algebra in one thread.

On a busy machine the threads of a BLAS spend their time waiting for each other: a fit of 0.3 s took 11 s of two
processors' time. On an idle one a second thread would win less than a third of what features and heads cost.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def steady() -> Iterator[None]:
    """Until it ends, NumPy and scikit-learn work in one thread."""
    # It comes with scikit-learn, which needs it for the same reason; it has no types
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]

    with threadpool_limits(1, user_api="blas"):
        yield
