"""One trace goes through: each span is a child of the message's own, with an exporter or without."""

from collections.abc import Iterator
from importlib.util import find_spec

import pytest
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from shared.runtime import telemetry

PARENT = "00-" + "a" * 32 + "-" + "b" * 16 + "-01"


@pytest.fixture
def spans() -> Iterator[InMemorySpanExporter]:
    exporter = InMemorySpanExporter()
    provider = telemetry.export("notes", exporter)
    yield exporter
    provider.shutdown()
    telemetry._tracer.clear()


def test_ids_are_passed_on_without_an_exporter() -> None:
    with telemetry.span("take", PARENT) as own:
        assert own[:36] == PARENT[:36]
        assert own[36:52] != "b" * 16
        assert telemetry._TRACEPARENT.fullmatch(own)


@pytest.mark.parametrize(
    "bad", ["", "rubbish", PARENT.upper(), "00-" + "0" * 32 + PARENT[35:], PARENT[:36] + "0" * 16 + "-01"]
)
def test_without_a_parent_a_trace_begins(bad: str) -> None:
    with telemetry.span("take", bad) as one, telemetry.span("take", bad) as two:
        assert one[3:35] != two[3:35]
        assert telemetry._TRACEPARENT.fullmatch(one)


def test_spans_are_recorded_with_their_parent(spans: InMemorySpanExporter) -> None:
    with telemetry.span("take", PARENT) as first, telemetry.span("publish", first) as second:
        assert second[3:35] == "a" * 32
    with telemetry.span("alone"):
        pass
    telemetry._tracer[0].span_processor.force_flush()  # type: ignore[attr-defined]
    publish, take, alone = spans.get_finished_spans()
    assert (take.name, publish.name, alone.parent) == ("take", "publish", None)
    assert take.parent is not None
    assert publish.parent is not None
    assert f"{take.parent.span_id:016x}" == "b" * 16
    assert f"{publish.parent.span_id:016x}" == first[36:52]
    assert take.resource.attributes["service.name"] == "notes"


def test_an_exporter_that_is_not_installed_is_named() -> None:
    assert find_spec("opentelemetry.exporter") is None, "the lock now holds an exporter: test that it exports"
    with pytest.raises(telemetry.CannotExport, match="pip install opentelemetry-exporter-otlp-proto-http"):
        telemetry.otlp("http://127.0.0.1:4318")
