"""People of two provinces solved side by side by two workers: `python -m tests.bench.parts 100000` (by hand).

Real broker, real database, two processes of the evaluation service. The frozen whole and its parts are stored as a run
stores them; the orders go over Kafka, keyed by part, each is solved by the worker that has its partition, and the
service puts them together. The time is that from storing to the plan's own event. Beside it the same people
undecomposed in one process: the gap is what it costs that nobody may leave their province.
"""

import asyncio
import sys
import tempfile
import time
from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import reduce
from pathlib import Path

import numpy as np
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer

from services.evaluation.app import SERVICE
from services.evaluation.plan import checker, store
from services.evaluation.plan.freeze import Snapshot
from services.evaluation.plan.model import Ints, Options, Plan, Problem
from services.evaluation.plan.parts import split
from services.evaluation.plan.solvers.solve import solve
from services.evaluation.plan.studio.plans import PLANS
from services.evaluation.plan.studio.state import Studio, part_of
from shared.address import reach
from shared.contracts.plan import (
    PlanComputed,
    PlanCreated,
    PlanFrozen,
    PlanPart,
    PlanPartQueued,
    PlanPartSolved,
    PlanRunFailed,
    PlanRunQueued,
    PlanScenarioSet,
)
from shared.contracts.scenario import Scenario
from shared.kernel.decider import Event, Message
from shared.runtime.envelope import envelope
from shared.runtime.mongo import connect
from shared.runtime.wire import to_headers
from tests.bench.plan import instance
from tests.support.stack import running_stack
from tests.support.system import running_system

PLAN, WHOLE, PATIENCE = "plan-bench-0", "whole", 600.0  # its parts fall to different halves of the partitions


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


def begun(parts: Mapping[str, str]) -> Studio:
    """A plan whose only scenario is frozen in these parts (region -> hash), as the service keeps it."""
    frozen = tuple(PlanPart(region=region, snapshot=id) for region, id in parts.items())
    told = {"agency": "bench", "title": "bench", "purpose": "bench", "expected_result": "bench"}
    events: tuple[Event, ...] = (
        PlanCreated(plan=PLAN, by="bench", **told),
        PlanScenarioSet(plan=PLAN, name="split", scenario=Scenario(needs=(), split=True), by="bench"),
        PlanRunQueued(plan=PLAN, name="split", run=1, by="bench"),
        PlanFrozen(
            plan=PLAN,
            name="split",
            run=1,
            snapshot=parts[WHOLE],
            ruleset="bench",
            persons=0,
            options=0,
            parts=frozen[1:],
        ),
    )
    return reduce(PLANS.evolve, events, PLANS.initial(PLAN))


async def spread(kafka: str, mongo: str, problems: Mapping[str, Problem]) -> tuple[Plan, list[Event]]:
    """Store the whole and its parts, order the parts, and wait until the plan says it is computed: that plan, and what
    was said on the way."""
    client, consumer = connect(mongo), AIOKafkaConsumer("mutasi.evaluation", **reach(kafka))
    producer = AIOKafkaProducer(**reach(kafka), enable_idempotence=True)
    db = client["mutasi_evaluation"]
    await asyncio.gather(consumer.start(), producer.start())
    try:
        kept = {region: await store.keep(db, _snapshot(part)) for region, part in problems.items()}
        state = begun(kept)
        await db["plans"].insert_one({"_id": PLAN, "rev": 1, "sequence": 9, "state": state.model_dump(mode="json")})
        for number, (region, id) in enumerate(list(kept.items())[1:], 1):
            await _order(producer, number, region, id)
        said = await asyncio.wait_for(_heard(consumer), PATIENCE)
        last = said[-1]
        if not isinstance(last, PlanComputed):
            raise SystemExit(f"it came to nothing: {last}")
        return Plan.model_validate((await store.kept(db, last.result))["plan"]), said
    finally:
        await asyncio.gather(consumer.stop(), producer.stop())
        client.close()


def _snapshot(problem: Problem) -> object:
    return Snapshot(on=date(2026, 11, 23), ruleset="bench", problem=problem).model_dump(mode="json")


async def _order(producer: AIOKafkaProducer, number: int, region: str, snapshot: str) -> None:
    part = part_of(PLAN, 1, number)
    event = PlanPartQueued(part=part, plan=PLAN, run=1, region=region, snapshot=snapshot)
    entry = envelope(SERVICE, PLAN, number, "", event, Message(event, "bench", datetime.now(UTC)))
    value, key = entry["data"].encode(), entry["key"].encode()
    await producer.send_and_wait(entry["topic"], value, key, headers=to_headers(entry))


async def _heard(consumer: AIOKafkaConsumer) -> list[Event]:
    """Solved parts, and last the plan that is computed or the failure."""
    kinds = {kind.TYPE.encode(): kind for kind in (PlanPartSolved, PlanComputed, PlanRunFailed)}
    found: list[Event] = []
    async for record in consumer:
        kind = kinds.get(dict(record.headers)["ce_type"])
        if kind is not None:
            found.append(kind.model_validate_json(record.value))
            if kind is not PlanPartSolved:
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
    inside, patient = bordered(whole), {"MUTASI_PLAN_RUN_SECONDS": "900"}
    with (
        tempfile.TemporaryDirectory() as folder,
        running_stack(Path(folder)) as stack,
        running_system(stack, Path(folder), doubled=("evaluation",), env=patient, warm=False),
    ):
        started = time.monotonic()
        together, said = asyncio.run(spread(stack.kafka, stack.mongo, {WHOLE: inside, **split(inside)}))
        spent = time.monotonic() - started
    for event in said:
        if isinstance(event, PlanPartSolved):
            sys.stdout.write(f"{event.part} by {event.worker}: {event.milliseconds / 1000:.1f} s\n")
        elif isinstance(event, PlanComputed):
            sys.stdout.write(f"put together and checked: {event.milliseconds / 1000:.1f} s\n")
    faults = checker.check(inside, together)
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
