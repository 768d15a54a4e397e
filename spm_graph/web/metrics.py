"""What monitoring asks for at `/metrics`, in Prometheus' text format.

Whatever happens often is counted where it happens, with a number; how far everybody is behind is looked at when it is asked for.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, ProcessCollector, generate_latest
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4
from prometheus_client.metrics_core import (
    CounterMetricFamily,
    GaugeHistogramMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
)
from prometheus_client.registry import Collector
from sqlalchemy.pool import QueuePool
from starlette.responses import JSONResponse, Response

from spm_graph.domain.terms import Grant
from spm_graph.reading.edge import Edge
from spm_graph.reading.tally import Durations, cumulative
from spm_graph.store.database import Database
from spm_graph.store.lag import Lag, Lags, WebhookLag

from .endpoint import GraphQLEndpoint, Refusal
from .socket import GraphQLSocket
from .start_page import NOT_SNIFFED
from .timed import Timed

CONSUMERS_MOST = 50
"""How many consumers are told of by name: those furthest behind. The others share the name `others`."""

OTHERS = "others"
BEHIND = (0.0, 0.1, 1.0, 5.0, 30.0, 60.0, 300.0, 3_600.0)
"""The bounds in seconds between which followers are counted."""

NOBODY = Lag(0, 0.0)

Values = Iterable[tuple[Sequence[str], float]]
"""What a gauge is, by the values of its labels."""


class Metrics:
    """What is measured of one process."""

    def __init__(self, database: Database, timed: Timed, edge: Edge, endpoint: GraphQLEndpoint, socket: GraphQLSocket) -> None:
        self.database = database
        self.timed = timed
        self.edge = edge
        self.endpoint = endpoint
        self.socket = socket
        self.process = ProcessCollector(registry=None)

    async def answer(self, authorization: str | None) -> Response:
        """The response to somebody with this header: the metrics for the grant ADMIN, else a refusal."""
        try:
            standing = await self.endpoint.standing(authorization.encode("latin-1") if authorization else None)
            if not standing.actor.may(Grant.ADMIN):
                raise Refusal(403, f"this needs the grant {Grant.ADMIN.value}")
        except Refusal as refusal:
            headers = {name.decode(): value.decode() for name, value in refusal.headers}
            return JSONResponse({"errors": [{"message": str(refusal)}]}, refusal.status, headers | NOT_SNIFFED)
        registry = CollectorRegistry()
        registry.register(_Families(await self.families()))
        registry.register(self.process)
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_PLAIN_0_0_4, "cache-control": "no-store"})

    async def families(self) -> list[Metric]:
        """Everything, as of now."""
        reached = [(follower.standing.actor.name, follower.listener.transport, at) for follower, at in self.edge.reached()]
        lags = await Lags.read(self.database.pool, {at for _, _, at in reached})
        behind = [(name, lags.reached.get(at, NOBODY)) for name, _, at in reached]
        transports = {"websocket": 0, "sse": 0} | Counter(transport for _, transport, _ in reached)
        connections = {"websocket": self.socket.connections, "sse": transports["sse"]}
        return [
            _alone("spm_clock_position", "The position of the last thing that happened.", lags.position),
            _gauge("spm_connections", "Connections that stay open.", _by(connections), "transport"),
            _gauge("spm_subscriptions", "Subscriptions under way.", _by(transports), "transport"),
            *self._counted(),
            *_followers(behind),
            *_webhooks(lags.webhooks),
            _alone("spm_estimates_due", "Live estimates that wait to be made.", lags.estimates_due),
            _alone("spm_estimates_lag_positions", "How many positions live estimates are behind.", lags.estimates.positions),
            _alone("spm_estimates_lag_seconds", "For how long live estimates have been behind.", lags.estimates.seconds),
            _histogram("spm_request_seconds", "How long operations took.", self.timed.durations, "operation", "outcome"),
            _histogram("spm_event_seconds", "From an event to when all who follow live had been sent it.", self.edge.handed_out),
            *self._pools(),
        ]

    def _counted(self) -> Iterator[Metric]:
        yield _counter("spm_events_told", "Events handed to subscriptions, one for each.", self.edge.told, "kind")
        yield _counter("spm_subscriptions_failed", "Subscriptions that were ended by an error.", self.edge.ended, "error")
        yield _counter("spm_requests_refused", "HTTP requests refused before their document was read.", self.endpoint.refused, "status")
        yield _counter("spm_websockets_closed", "WebSocket connections that the server closed.", self.socket.closed, "code")

    def _pools(self) -> Iterator[Metric]:
        reads, writes = self.database.pool, self.database.engine.pool
        assert isinstance(writes, QueuePool)
        used = {"reads": reads.lent, "writes": writes.checkedout()}
        yield _gauge("spm_database_connections_in_use", "Connections to PostgreSQL at work.", _by(used), "pool")
        most = {"reads": reads.most, "writes": writes.size()}
        yield _gauge("spm_database_connections_most", "Connections to PostgreSQL that there may be.", _by(most), "pool")


class _Families(Collector):
    """Families that were gathered already."""

    def __init__(self, families: list[Metric]) -> None:
        self.families = families

    def collect(self) -> list[Metric]:
        return self.families


def by_consumer(behind: Iterable[tuple[str, Lag]]) -> dict[str, Lag]:
    """The largest lag of each consumer, whatever it follows; those less far behind than the first so many count as one."""
    worst: dict[str, Lag] = {}
    for name, lag in behind:
        worst[name] = _larger(worst.get(name, NOBODY), lag)
    ranked = sorted(worst, key=lambda name: (-worst[name].seconds, -worst[name].positions, name))
    found = {name: worst[name] for name in ranked[:CONSUMERS_MOST]}
    for name in ranked[CONSUMERS_MOST:]:
        found[OTHERS] = _larger(found.get(OTHERS, NOBODY), worst[name])
    return found


def _followers(behind: list[tuple[str, Lag]]) -> Iterator[Metric]:
    lags = by_consumer(behind).items()
    positions, seconds = ([([name], value[part]) for name, value in lags] for part in (0, 1))
    yield _gauge(
        "spm_consumer_lag_positions", "How many positions the slowest subscription of a consumer is behind.", positions, "consumer"
    )
    yield _gauge("spm_consumer_lag_seconds", "For how long a consumer has not been sent what it waits for.", seconds, "consumer")
    counts = [0] * (len(BEHIND) + 1)
    for _, lag in behind:
        counts[bisect_left(BEHIND, lag.seconds)] += 1
    total = sum(lag.seconds for _, lag in behind)
    says = "Subscriptions by the seconds that they are behind."
    yield GaugeHistogramMetricFamily("spm_subscription_lag_seconds", says, buckets=cumulative(BEHIND, counts), gsum_value=total)


def _webhooks(webhooks: list[WebhookLag]) -> Iterator[Metric]:
    by, labels = [([each.id, each.name], each) for each in webhooks], ("webhook", "name")
    yield _gauge(
        "spm_webhook_lag_positions", "How many positions a webhook is behind.", [(of, each.lag.positions) for of, each in by], *labels
    )
    says = "For how long a webhook has not been sent what it waits for."
    yield _gauge("spm_webhook_lag_seconds", says, [(of, each.lag.seconds) for of, each in by], *labels)
    says = "How many attempts of a webhook's next message have failed."
    yield _gauge("spm_webhook_failures", says, [(of, each.failures) for of, each in by], *labels)


def _larger(one: Lag, other: Lag) -> Lag:
    return Lag(max(one.positions, other.positions), max(one.seconds, other.seconds))


def _by(counts: Mapping[Any, int]) -> Values:
    """Counts by one label."""
    return [([str(label)], count) for label, count in counts.items()]


def _alone(name: str, says: str, value: float) -> Metric:
    return GaugeMetricFamily(name, says, value=value)


def _gauge(name: str, says: str, values: Values, *labels: str) -> Metric:
    family = GaugeMetricFamily(name, says, labels=labels)
    for given, value in values:
        family.add_metric(given, value)
    return family


def _counter(name: str, says: str, counts: Mapping[Any, int], label: str) -> Metric:
    family = CounterMetricFamily(name, says, labels=[label])
    for given, count in counts.items():
        family.add_metric([str(given)], count)
    return family


def _histogram(name: str, says: str, durations: Durations, *labels: str) -> Metric:
    family = HistogramMetricFamily(name, says, labels=labels)
    for given, buckets, total in durations.histograms():
        family.add_metric(given, buckets, total)
    return family
