"""The changes that a person can make, each as a new view of the facts. Pure.

Only what the person can do is here: learn, be assessed, study, work well, wait, end a bond, say an interest. Sex, age,
faith, relatives, legal status and the like are no levers, so they can never be part of an answer (`CHANGED` is all).
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Literal

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.judge import Snapshot, findings
from shared.contracts.evaluation import Finding
from shared.kernel.decider import Frozen
from shared.kernel.education import Education
from shared.kernel.performance import Predicate

Kind = Literal["train", "assess", "study_level", "study_field", "wait", "perform", "end_bond", "end_study", "interest"]
CHANGED = frozenset(
    {
        "competences",
        "education_level",
        "education_field",
        "performance",
        "service_bond",
        "study_assignment",
        "interests",
    }
)
"""The fields of the profile that a lever may change; beside them only the day of the application moves."""
_YEARS = (1, 2)
_LEVELS = {level.value: level for level in Education}


class Change(Frozen):
    """One change: `what` it is about, as it is now and as it would be. `on` is the earliest day of applying, if it
    takes time; `profile` are the fields of the profile as they would be."""

    kind: Kind
    what: str
    before: str = ""
    after: str = ""
    on: date | None = None
    profile: Mapping[str, object] = {}


def applied(seen: Seen, changes: tuple[Change, ...]) -> Seen:
    """The facts after these changes; those of one mapping add up, and the latest day holds."""
    fields: dict[str, object] = {}
    for change in changes:
        for name, value in change.profile.items():
            now = fields.get(name, getattr(seen.employee, name))
            fields[name] = {**now, **value} if isinstance(now, Mapping) and isinstance(value, Mapping) else value
    days = [seen.on, *(change.on for change in changes if change.on)]
    profile = type(seen.employee).model_validate({**seen.employee.model_dump(), **fields})
    return seen.model_copy(update={"employee": profile, "on": max(days)})


def levers(snapshot: Snapshot) -> tuple[Change, ...]:
    """Every change that could matter here, in a fixed order."""
    seen = snapshot.seen
    against = [finding for finding in findings(snapshot) if finding.hard and finding.outcome == "not_met"]
    waits, performing = tuple(_waiting(seen, against)), tuple(_performing(seen, against))
    rated = {change.what: change for wait in waits for change in _rated_by_then(snapshot, wait)}
    rated |= {change.what: change for change in performing}
    return (
        *_competences(seen),
        *_education(seen),
        *_bonds(seen),
        *waits,
        *rated.values(),
        *_interest(seen),
    )


def _competences(seen: Seen) -> Iterator[Change]:
    has = seen.employee.competences
    for code, required in sorted(seen.vacancy.requirements.competences.items()):
        if has.get(code, 0) < required:
            kind: Kind = "train" if code in has else "assess"
            profile = {"competences": {code: required}}
            yield Change(kind=kind, what=code, before=str(has.get(code, "")), after=str(required), profile=profile)


def _education(seen: Seen) -> Iterator[Change]:
    demand, person = seen.vacancy.requirements, seen.employee
    wanted, has = _LEVELS.get(demand.education_min), _LEVELS.get(person.education_level)
    if wanted and (has is None or has < wanted):
        before = has.title if has else ""
        profile: Mapping[str, object] = {"education_level": wanted.value}
        yield Change(kind="study_level", what="education_level", before=before, after=wanted.title, profile=profile)
    if demand.education_fields and person.education_field not in demand.education_fields:
        for field in sorted(demand.education_fields):
            profile = {"education_field": field}
            yield Change(
                kind="study_field", what="education_field", before=person.education_field, after=field, profile=profile
            )


def _bonds(seen: Seen) -> Iterator[Change]:
    if seen.employee.service_bond:
        yield Change(kind="end_bond", what="service_bond", profile={"service_bond": False})
    if seen.employee.study_assignment:
        yield Change(kind="end_study", what="study_assignment", profile={"study_assignment": False})


def _waiting(seen: Seen, against: Iterable[Finding]) -> Iterator[Change]:
    """The days on which a term that is too short is complete."""
    days = {date.fromisoformat(one.values["complete_on"]) for one in against if "complete_on" in one.values}
    for day in sorted(days):
        yield Change(kind="wait", what="tenure", before=str(seen.on), after=str(day), on=day)


def _performing(seen: Seen, against: Iterable[Finding]) -> Iterator[Change]:
    """Where performance stands against it: good predicates in the year that runs and those after it. The application
    waits until they are closed."""
    if not any(one.code == "KINERJA_KURANG" for one in against):
        return
    first = seen.on.year
    for years in _YEARS:
        rated = {str(year): Predicate.GOOD.value for year in range(first, first + years)}
        day = date(first + years, 1, 1)
        profile: Mapping[str, object] = {"performance": rated}
        yield Change(kind="perform", what=", ".join(rated), after=Predicate.GOOD.value, on=day, profile=profile)


def _rated_by_then(snapshot: Snapshot, wait: Change) -> Iterator[Change]:
    """Who waits is asked for years that nobody has rated yet: good predicates in those, once they are closed."""
    seen = snapshot.seen
    after = snapshot.model_copy(update={"seen": applied(seen, (wait,))})
    for finding in findings(after):
        asked = finding.values.get("years", "").split(", ") if finding.outcome == "unknown" and finding.hard else []
        years = [year for year in asked if year and year not in seen.employee.performance]
        if years and int(years[0]) >= seen.on.year - 1:
            rated = dict.fromkeys(years, Predicate.GOOD.value)
            day = max(seen.on, date(int(years[-1]) + 1, 1, 1))
            what, profile = ", ".join(years), {"performance": rated}
            yield Change(kind="perform", what=what, after=Predicate.GOOD.value, on=day, profile=profile)


def _interest(seen: Seen) -> Iterator[Change]:
    unit, said = seen.vacancy.placement.unit, seen.employee.interests
    if unit.casefold() not in {name.casefold() for name in (*said, *seen.employee.preferences)}:
        yield Change(kind="interest", what=unit, after=unit, profile={"interests": (*said, unit)})
