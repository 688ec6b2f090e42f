"""People of two provinces solved side by side by two workers: `python -m tests.bench.parts 100000` (by hand).

Real broker, real database, two processes of the evaluation service. The frozen parts are stored as a run stores them;
their orders go over Kafka, keyed by part, and each is solved by the worker that has its partition. Beside it the same
people undecomposed in one process: the gap is what it costs that nobody may leave their province.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import numpy as np
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.evaluation.app import SERVICE
from services.evaluation.plan import checker, store
from services.evaluation.plan.freeze import Snapshot
from services.evaluation.plan.model import Ints, Options, Plan, Problem
from services.evaluation.plan.parts import merge, split
from services.evaluation.plan.solvers.solve import solve
from services.evaluation.plan.studio.state import part_of
from shared.contracts.plan import (
    PlanPartQueued,
    PlanPartSolved,
)
from shared.kernel.decider import Message
from shared.runtime.envelope import envelope
from shared.runtime.mongo import connect
from shared.runtime.wire import to_headers
from tests.bench.plan import instance
from tests.support.stack import running_stack
from tests.support.system import running_system

PLAN, PATIENCE = "plan-bench", 600.0


def provinces(people: int) -> Problem:
    """The instance of the scale table, its units alternately in two provinces; options lead everywhere."""
    whole = instance(people)
    names = ("sulawesi_tengah", "jawa_tengah")
    units = tuple(unit.model_copy(update={"region": names[at % 2]}) for at, unit in enumerate(whole.units))
    return whole.model_copy(update={"units": units})


def bordered(whole: Problem) -> Problem:
    """The same without the options that cross the border."""
    region = {unit.id: unit.region for unit in whole.units}
    there = np.array([region[seat.unit] for seat in whole.seats])
    at = {seat.id: position for position, seat in enumerate(whole.seats)}
    here = there[[at[person.seat] for person in whole.persons]]
    return whole.model_copy(
        update={"options": _kept(whole.options, here[whole.options.person] == there[whole.options.seat])}
    )


def _kept(options: Options, inside: Ints) -> Options:
    columns = (column[inside] for column in options.columns)
    return Options.model_validate(dict(zip(Options.model_fields, columns, strict=True)))


async def spread(kafka: str, mongo: str, parts: Mapping[str, Problem]) -> list[tuple[PlanPartSolved, Any]]:
    """Store the parts, order them, and wait for all; each with what is stored of it."""
    client, consumer = connect(mongo), AIOKafkaConsumer("mutasi.evaluation", bootstrap_servers=kafka)
    producer = AIOKafkaProducer(bootstrap_servers=kafka, enable_idempotence=True)
    db = client["mutasi_evaluation"]
    await asyncio.gather(consumer.start(), producer.start())
    try:
        for number, (region, part) in enumerate(parts.items(), 1):
            snapshot = Snapshot(on=date(2026, 11, 23), ruleset="bench", problem=part)
            kept = await store.keep(db, snapshot.model_dump(mode="json"))
            await _order(producer, number, region, kept)
        solved = await asyncio.wait_for(_heard(consumer, len(parts)), PATIENCE)
        if failed := [f"{event.part} by {event.worker}: {event.code}" for event in solved if event.code]:
            raise SystemExit("; ".join(failed))
        return [(event, await store.kept(db, event.result)) for event in solved]
    finally:
        await asyncio.gather(consumer.stop(), producer.stop())
        client.close()


async def _order(producer: AIOKafkaProducer, number: int, region: str, snapshot: str) -> None:
    part = part_of(PLAN, 1, number)
    event = PlanPartQueued(part=part, plan=PLAN, run=1, region=region, snapshot=snapshot)
    entry = envelope(SERVICE, PLAN, number, "", event, Message(event, "bench", datetime.now(UTC)))
    value, key = entry["data"].encode(), entry["key"].encode()
    await producer.send_and_wait(entry["topic"], value, key, headers=to_headers(entry))


async def _heard(consumer: AIOKafkaConsumer, parts: int) -> list[PlanPartSolved]:
    found: list[PlanPartSolved] = []
    async for record in consumer:
        if ("ce_type", PlanPartSolved.TYPE.encode()) in record.headers:
            found.append(PlanPartSolved.model_validate_json(record.value))
            if len(found) == parts:
                break
    return found


def told(name: str, plan: Plan, seconds: float, more: str = "") -> None:
    """One line."""
    levels = ", ".join(f"{level.level} {level.value}" for level in plan.levels if level.level != "tie")
    sys.stdout.write(f"{name}: {plan.status}, {seconds:.1f} s of the clock, {len(plan.moves)} moves, {levels} {more}\n")
    sys.stdout.flush()


def main() -> None:
    """Both ways, on standard output."""
    whole = provinces(int(sys.argv[1]))
    inside = bordered(whole)
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder)) as stack,
        running_system(stack, Path(folder), doubled=("evaluation",), env={"MUTASI_PLAN_RUN_SECONDS": "900"}),
    ):
        started = time.monotonic()
        solved = asyncio.run(spread(stack.kafka, stack.mongo, split(inside)))
        together = merge(inside, [Plan.model_validate(kept["plan"]) for _, kept in solved])
        faults = checker.check(inside, together)
        spent = time.monotonic() - started
    for event, _ in solved:
        sys.stdout.write(f"{event.part} by {event.worker}: {event.milliseconds / 1000:.1f} s, {event.code or 'ok'}\n")
    told("two provinces, two workers", together, spent, f"faults: {len(faults)}")
    started = time.monotonic()
    undecomposed = solve(whole)
    told("undecomposed, one process", undecomposed, time.monotonic() - started)
    for part, bound in zip(together.levels, undecomposed.levels, strict=True):
        if part.value != bound.value:
            share = (part.value - bound.value) / max(abs(bound.value), 1)
            sys.stdout.write(f"first level that differs: {part.level}, gap {part.value - bound.value} ({share:.2%})\n")
            break


if __name__ == "__main__":
    main()
