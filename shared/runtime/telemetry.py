"""What can be measured and followed: Prometheus metrics, and one span per message across HTTP, Kafka and effects."""

import importlib
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

MESSAGES = Counter("mutasi_messages", "taken, repeated, held, parked, refused", ["outcome", "type"])
BATCH_SIZE = Histogram("mutasi_batch_messages", "Messages per batch", buckets=(1, 2, 5, 10, 20, 50, 100, 200, 500))
WRITE_SECONDS = Histogram("mutasi_write_seconds", "One batch's writes")
OUTBOX_PENDING = Gauge("mutasi_outbox_pending", "Events written and not yet acknowledged by the broker")
PUBLISH_FAILURES = Counter("mutasi_publish_failures", "Sends the broker did not acknowledge")
HTTP_SECONDS = Histogram("mutasi_http_seconds", "HTTP requests", ["route", "status"])

_TRACEPARENT = re.compile(r"00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}")
_NOTHING = ("0" * 32, "0" * 16)
_current: ContextVar[str] = ContextVar("traceparent", default="")
_propagator = TraceContextTextMapPropagator()
_tracer: list[trace.Tracer] = []  # empty: ids are passed on, nothing is recorded


class CannotExport(Exception):
    """Traces were asked for and the package that sends them is not there."""


def current() -> str:
    """The traceparent of the span we are in, "" outside."""
    return _current.get()


def _parts(traceparent: str) -> tuple[str, str] | None:
    match = _TRACEPARENT.fullmatch(traceparent)
    if match is None or match[1] == _NOTHING[0] or match[2] == _NOTHING[1]:
        return None
    return match[1], match[2]


@contextmanager
def span(name: str, traceparent: str = "") -> Iterator[str]:
    """A child of the message's own span (a new trace without one); gives its traceparent, for what it causes."""
    parts = _parts(traceparent)
    if _tracer:
        with _recorded(name, traceparent if parts else "") as own:
            yield own
        return
    trace_id = parts[0] if parts else f"{random.getrandbits(128):032x}"  # noqa: S311  ids, not secrets
    token = _current.set(f"00-{trace_id}-{random.getrandbits(64):016x}-01")  # noqa: S311
    try:
        yield _current.get()
    finally:
        _current.reset(token)


@contextmanager
def _recorded(name: str, traceparent: str) -> Iterator[str]:
    context = _propagator.extract({"traceparent": traceparent})
    with _tracer[0].start_as_current_span(name, context) as started:
        own = started.get_span_context()
        token = _current.set(f"00-{own.trace_id:032x}-{own.span_id:016x}-{int(own.trace_flags):02x}")
        try:
            yield _current.get()
        finally:
            _current.reset(token)


def export(service: str, exporter: SpanExporter) -> TracerProvider:
    """Record spans from now on; shut the provider down at the end, so that the last ones are sent."""
    provider = TracerProvider(resource=Resource.create({"service.name": service}))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    _tracer[:] = [provider.get_tracer("mutasi")]
    return provider


def otlp(endpoint: str) -> SpanExporter:
    """The exporter for an OTLP/HTTP collector. Raises CannotExport without its package."""
    try:
        module = importlib.import_module("opentelemetry.exporter.otlp.proto.http.trace_exporter")
    except ModuleNotFoundError:
        remedy = "pip install opentelemetry-exporter-otlp-proto-http (or unset MUTASI_OTLP)"
        raise CannotExport(f"MUTASI_OTLP is set, its exporter is not installed: {remedy}") from None
    exporter: SpanExporter = module.OTLPSpanExporter(endpoint=endpoint)
    return exporter
