"""Tables of what was measured, as text."""

from collections.abc import Iterable, Sequence

from tests.bench.measure import DRIVER, percentile
from tests.bench.rig import Phase

COLUMNS = ("phase", "n", "rate/s", "queue p50", "p99", "end p50", "p99 ms", "CPU-s/1000", "net", "driver", "load")


def table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Columns as wide as they need to be, in Markdown."""
    cells = [list(head), *([_text(cell) for cell in row] for row in rows)]
    widths = [max(len(row[i]) for row in cells) for i in range(len(head))]
    lines = [
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |" for row in cells
    ]
    return "\n".join([lines[0], "|" + "|".join("-" * (width + 2) for width in widths) + "|", *lines[1:]])


def _text(cell: object) -> str:
    return (
        f"{cell:,.2f}"
        if isinstance(cell, float) and abs(cell) < 10
        else f"{cell:,.0f}"
        if isinstance(cell, float)
        else str(cell)
    )


def rates(phases: Iterable[Phase], idle: dict[str, float]) -> str:
    """Rates and latencies; processor time of the whole system without our driver, with and without (net) what it takes
    when idle."""
    rows = []
    for phase in phases:
        queue, end = phase.result.to_queue, phase.result.to_end
        quantiles = (percentile(queue, 50), percentile(queue, 99), percentile(end, 50), percentile(end, 99))
        driver = phase.cpu[DRIVER] * 1000 / phase.lifecycles
        cpu = phase.cpu_per_1000(DRIVER), phase.net_per_1000(idle), driver
        rows.append((phase.name, phase.lifecycles, float(phase.result.rate), *quantiles, *cpu, phase.load))
    return table(COLUMNS, rows)


def parts(phase: Phase, idle: dict[str, float]) -> str:
    """Processor time and memory by process; `idle` in seconds per second."""
    rows = [
        (name, seconds * 1000 / phase.lifecycles, idle[name], phase.rss_before[name], phase.rss_after[name])
        for name, seconds in sorted(phase.cpu.items(), key=lambda row: -row[1])
    ]
    return table((phase.name, "CPU-s/1000", "idle", "RSS MB before", "after"), rows)


def costs(phase: Phase) -> str:
    """What a lifecycle costs in round trips, documents, records, commits and bytes, by service."""
    names = (
        "mutasi_mongo_commands",
        "mutasi_mongo_documents",
        "mutasi_records_sent",
        "mutasi_records_sent_bytes",
        "mutasi_records",
        "mutasi_commits",
    )
    services = sorted({service for service, _, _ in phase.counts})
    rows: list[tuple[object, ...]] = [(service, *(phase.each(n, service) for n in names)) for service in services]
    rows.append(("all", *(phase.each(name) for name in names)))
    head = ("per lifecycle", "mongo trips", "documents", "records", "their bytes", "heard", "commits")
    kept = phase.stored.data, phase.stored.files, phase.log_bytes
    data, files, log = (value / phase.lifecycles for value in kept)
    size = f"bytes kept per lifecycle: MongoDB data {data:,.0f}, its files {files:,.0f}, Kafka log {log:,.0f}"
    mean = "messages per batch: " + ", ".join(f"{service} {_batch(phase, service):.1f}" for service in services)
    return "\n".join((table(head, rows), size, mean))


def _batch(phase: Phase, service: str) -> float:
    """Messages per batch."""
    batches = phase.counts[service, "mutasi_batch_messages_count", ()]
    return phase.counts[service, "mutasi_batch_messages_sum", ()] / max(batches, 1)
