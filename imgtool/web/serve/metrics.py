"""What goes on, as Prometheus reads it; each hall has a registry of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from time import perf_counter

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, generate_latest
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from curate.sights import Sight
from imgtool.records import Refusal
from imgtool.web.serve.line import Line

SIZES = (1, 2, 4, 8, 16, 32)
SECONDS = (0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10)


class Metrics:
    """The counts of one hall."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        counter, seconds = partial(Counter, registry=self.registry), partial(self._histogram, SECONDS)
        self.requests = counter("imgtool_requests", "Requests answered.", ["route", "status"])
        self.latency = seconds("imgtool_request_seconds", "From a request's head to its answer.", ["route"])
        self.pictures = counter("imgtool_pictures", "Pictures seen.", ["model", "result"])
        self.sizes = self._histogram(SIZES, "imgtool_batch_pictures", "Pictures judged together.", ["model"])
        self.judging = seconds("imgtool_batch_seconds", "How long a batch was judged.", ["model"])
        self.queue = Gauge(
            "imgtool_queue_pictures", "Pictures without an answer yet.", ["model"], registry=self.registry
        )

    def _histogram(self, buckets: Sequence[float], name: str, about: str, labels: Sequence[str]) -> Histogram:
        return Histogram(name, about, labels, buckets=buckets, registry=self.registry)

    def batch(self, model: str) -> Callable[[int, float], None]:
        """Who is told of each batch of a model."""
        sizes, seconds = self.sizes.labels(model), self.judging.labels(model)

        def told(count: int, took: float) -> None:
            sizes.observe(count)
            seconds.observe(took)

        return told

    def picture(self, model: str, sight: Sight | Refusal) -> None:
        """One more picture."""
        self.pictures.labels(model, sight.reason.value if isinstance(sight, Refusal) else "seen").inc()

    def lines(self, lines: Mapping[str, Line]) -> None:
        """The lines whose lengths are told when somebody asks."""
        for name, line in lines.items():
            self.queue.labels(name).set_function(partial(attrgetter("inside"), line))

    def text(self) -> bytes:
        """All of it."""
        return generate_latest(self.registry)


class Counted:
    """An app whose requests are counted by route and status."""

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self.app = app
        self.metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass it on, and note what came of it."""
        started, status = perf_counter(), 0

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            route = getattr(scope.get("route"), "path", "") or "other"
            self.metrics.requests.labels(route, str(status or "none")).inc()
            self.metrics.latency.labels(route).observe(perf_counter() - started)
