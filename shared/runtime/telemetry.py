"""What is measured (Prometheus) and followed (OpenTelemetry, one span per message wherever it goes)."""

import importlib
import random
import re
from collections.abc import Iterator
from contextlib import contextmanager

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExporter
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from prometheus_client import Counter, Gauge, Histogram

_SIZES = (1, 2, 5, 10, 20, 50, 100, 200, 500)
TAKEN = Counter("mutasi_taken", "Messages handled")
PARKED = Counter("mutasi_parked", "Messages parked")
PARKED_AGE = Gauge("mutasi_parked_oldest_seconds", "Age of the oldest parked message that nobody resolved")
BATCH = Histogram("mutasi_batch_messages", "Messages per batch", buckets=_SIZES)
WRITE = Histogram("mutasi_write_seconds", "One batch's writes")
OUTBOX = Gauge("mutasi_outbox_pending", "Aggregates with events the broker has not acknowledged")
PUBLISH_FAILED = Counter("mutasi_publish_failed", "Sends the broker did not acknowledge")
HTTP = Histogram("mutasi_http_seconds", "HTTP requests", ["route", "status"])

_TRACEPARENT = re.compile(r"00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}")
_propagator = TraceContextTextMapPropagator()
_tracer: list[trace.Tracer] = []  # empty: ids are passed on, nothing is recorded


class CannotExport(Exception):
    """Traces were asked for and the package that sends them is not there."""


@contextmanager
def span(name: str, traceparent: str = "") -> Iterator[str]:
    """A child of the message's own span, else a new trace; gives its traceparent, for what it causes."""
    known = _TRACEPARENT.fullmatch(traceparent)
    if not _tracer:
        trace_id = known[1] if known else f"{random.getrandbits(128):032x}"
        yield f"00-{trace_id}-{random.getrandbits(64) or 1:016x}-01"
        return
    parent = _propagator.extract({"traceparent": traceparent} if known else {})
    with _tracer[0].start_as_current_span(name, parent) as started:
        own = started.get_span_context()
        yield f"00-{own.trace_id:032x}-{own.span_id:016x}-{int(own.trace_flags):02x}"


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
        remedy = "pip install opentelemetry-exporter-otlp-proto-http, or unset MUTASI_OTLP"
        raise CannotExport(f"MUTASI_OTLP is set, but its exporter is not installed: {remedy}") from None
    exporter: SpanExporter = module.OTLPSpanExporter(endpoint=endpoint)
    return exporter
