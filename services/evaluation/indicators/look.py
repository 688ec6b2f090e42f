"""All indicators of an agency in a period, gathered from what is stored."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from typing import Any, NamedTuple

from motor.motor_asyncio import AsyncIOMotorDatabase

from services.evaluation.domain.case import ZONE
from services.evaluation.domain.review.state import Review
from services.evaluation.indicators import house, people, store, units
from services.evaluation.indicators.reading import Reading
from services.evaluation.plan import store as plan_store
from services.evaluation.plan.facts import Entered
from shared.kernel.calendar import indonesia

Database = AsyncIOMotorDatabase[Any]
PULSE = {"strain": "strained", "morale": "low_morale", "climate": "poor_climate", "valued": "unvalued"}


class Period(NamedTuple):
    """The moves that took effect at an agency from one day to another, both inside, looked at today."""

    agency: str
    since: date
    until: date
    today: date


async def readings(db: Database, period: Period) -> list[Reading]:
    """KP1 to KP10, the pulse, targets and cost."""
    moved = await store.reviews(db, period.since, period.until, period.agency)
    plans = await store.trainings(db, {one.case for one in moved})
    return [
        *await _house(db, period, moved),
        *await _units(db, period, moved),
        *await _people(db, period, moved),
        people.training(plans, period.today),
        people.results(moved),
        people.cost(moved, plans),
    ]


def _entered(moved: Sequence[Review]) -> list[Entered]:
    return [
        Entered(left=one.left.unit, unit=one.placement.unit, effective_on=one.effective_on)
        for one in moved
        if one.left and one.placement and one.effective_on
    ]


async def _units(db: Database, period: Period, moved: Sequence[Review]) -> list[Reading]:
    """KP2, KP3 and the pulse: figures of units before and after."""
    since = await store.reviews(db, period.since, period.today, period.agency)
    gone = await store.left_since(db, period.agency, period.since)
    moves = units.moves_of(_entered(moved), _entered([*since, *gone]), period.today)
    months = {month for window in units.months_of(moves, period.today).values() for month in window}
    served = await plan_store.served(db, period.agency, months)
    surveyed = await store.surveyed(db, period.agency, months)
    found = [units.complaints(moves, served, period.today), units.dissatisfied(moves, served, period.today)]
    for indicator, name in PULSE.items():
        reading = units.pulse(indicator, name, moves, surveyed, period.today)
        own = people.opinion("people", moved, indicator)
        found.append(reading.model_copy(update={"parts": (*reading.parts, own)}))
    return found


async def _people(db: Database, period: Period, moved: Sequence[Review]) -> list[Reading]:
    """KP4 to KP6: ratings, speed and fit of those who moved."""
    on = {one.person: one.effective_on for one in moved}
    staff = [rated for rated, _ in await store.people(db, period.agency)]
    ours = [one.model_copy(update={"moved_on": on[one.person]}) for one in staff if one.person in on]
    rest = [one for one in staff if one.person not in on]
    cases = {one.case for one in moved}
    calendar = indonesia(ZONE, period.today)
    ends = (await store.moments(db, cases)).values()
    days = [calendar.count(calendar.day_of(begun), calendar.day_of(done)) for begun, done in ends]
    return [
        people.performance(ours, rest, people.opinion("superior", moved, "performance", "superior")),
        house.speed(days),
        people.fit(await store.fits(db, cases)),
    ]


async def _house(db: Database, period: Period, moved: Sequence[Review]) -> list[Reading]:
    """KP1, KP7, KP8 and the targets."""
    agency, since, until = period.agency, period.since, period.until
    seats = Counter(post for _, post in await store.people(db, agency))
    moves = [(one.left, one.placement) for one in moved if one.left and one.placement]
    over = await store.ended(db, since, until)
    said = await store.commented(db, since, until)
    ours = await store.of_agency(db, {*over, *said}, agency)
    ended = {case: one for case, one in over.items() if case in ours}
    turned_down = [case for case, one in ended.items() if one.how == "refused"]
    objected = await store.objected(db, agency, since, until)
    clear = people.opinion("trust", moved, "trust")
    opened = (await store.opened(db, turned_down), len(turned_down))
    entered = {one.placement.unit for one in moved if one.placement}
    due = [target for _, target in await store.targets(db, agency, since, until)]
    return [
        house.balance(await store.needed(db, agency), seats, moves),
        house.trust(list(ended.values()), opened, objected, len(moved), clear),
        house.participation(
            await store.plans(db, agency, since, until),
            list(ended.values()),
            sum(case in ours for case in said),
            len(moved),
        ),
        house.targets(due, entered.__contains__),
    ]
