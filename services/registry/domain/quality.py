"""Data quality (kualitas data ASN): what is missing or contradicts itself in a person's record. Pure.

Source: BKN's indicators of data quality (D15) and its checks of the NIP (D01). They refuse nothing: the agency mends.
The indicators are data (`rules/quality.yaml`); how each is looked for stands here under its name.
"""

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal, NamedTuple

import yaml
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter

from services.registry.domain.values import GRADES
from shared.contracts.registry import PostRegistered, Profile, UnitRegistered
from shared.kernel.calendar import MONTHS_A_YEAR, add_months
from shared.kernel.decider import Frozen
from shared.kernel.education import Education
from shared.kernel.nip import BadNip, Kind, Nip, parse
from shared.kernel.rank import Grade


class Sentence(BaseModel):
    """The same in both languages."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    en: str


class Indicator(BaseModel):
    """What is looked for. `years` is its measure where it has one; what belongs to a year is due from `due_month` of
    the next one on."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    text: Sentence
    mend: Sentence
    source: str
    certainty: Literal["S", "P", "C"]
    years: Annotated[int, Field(ge=0, le=50)] = 0
    due_month: Annotated[int, Field(ge=1, le=12)] = 1


class Record(NamedTuple):
    """A person with the post and the unit where they sit, as they are registered; None: not registered.

    `holders` is how many hold the post.
    """

    profile: Profile
    nip: str
    post: PostRegistered | None
    unit: UnitRegistered | None
    holders: int = 1


class Quality(Frozen):
    """How the records of an agency stand: `people` looked at, `sound` without a defect, and people by indicator."""

    people: int
    sound: int
    found: Mapping[str, int]


def defects(record: Record, today: date) -> tuple[str, ...]:
    """Ids of the indicators that this record shows, in the order of the file. What cannot be told is no defect."""
    return tuple(one.id for one in indicators() if _LOOKS[one.id](record, one, today))


def of(shown: Mapping[str, tuple[str, ...]]) -> Quality:
    """The figure of an agency, of each person's defects."""
    found = {one.id: sum(one.id in defects for defects in shown.values()) for one in indicators()}
    return Quality(people=len(shown), sound=sum(not defects for defects in shown.values()), found=found)


def together(one: Quality, other: Quality) -> Quality:
    """The figure of both groups of people."""
    found = {name: people + other.found.get(name, 0) for name, people in one.found.items()}
    return Quality(people=one.people + other.people, sound=one.sound + other.sound, found=found)


def _nip(record: Record, today: date) -> Nip | None:
    try:
        return parse(record.nip, today)
    except BadNip:
        return None


def _start(record: Record, today: date) -> date | None:
    """First appointment (TMT CPNS) as the NIP tells; of a PPPK no month is known."""
    nip = _nip(record, today)
    return nip.start if nip and nip.kind is Kind.PNS else None


def _years_after(start: date, years: int) -> date:
    return add_months(start, years * MONTHS_A_YEAR)


def _performance(record: Record, one: Indicator, today: date) -> bool:
    after = today.year if today.month >= one.due_month else today.year - 1  # last year's is not due yet
    wanted = range(after - one.years, after)
    start = _start(record, today)
    return any(str(year) not in record.profile.performance for year in wanted if not start or year > start.year)


def _past_retirement(record: Record, _one: Indicator, today: date) -> bool:
    return record.profile.status not in ("retired", "dead") and record.profile.retires_on <= today


def _candidate(record: Record, one: Indicator, today: date) -> bool:
    start = _start(record, today)
    if record.profile.employment != "CPNS" or start is None:
        return False
    return add_months(_years_after(start, one.years), 1) <= today  # whichever day of that month it was


def _leave_ended(record: Record, _one: Indicator, today: date) -> bool:
    """Unpaid leave whose end nobody recorded cannot be told to have ended."""
    until = record.profile.leave_until
    return record.profile.status == "unpaid_leave" and until is not None and until < today


def _rank_before_entry(record: Record, _one: Indicator, today: date) -> bool:
    start, since = _start(record, today), record.profile.rank_since
    return start is not None and since is not None and since < start


def _too_early(record: Record, one: Indicator, today: date) -> bool:
    start = _start(record, today)
    structural = record.post is not None and record.post.structural
    return structural and start is not None and today < _years_after(start, one.years)


def _education(record: Record, _one: Indicator, _today: date) -> bool:
    wanted = record.post.requirements.education_min if record.post else ""
    return bool(wanted) and Education(record.profile.education_level) < Education(wanted)


def _rank(record: Record, _one: Indicator, _today: date) -> bool:
    """Ranks of a PNS and grades of a PPPK do not compare."""
    wanted, rank = record.post.requirements.rank_min if record.post else "", record.profile.rank
    return wanted in GRADES and rank in GRADES and Grade(rank) < Grade(wanted)


_LOOKS: Mapping[str, Callable[[Record, Indicator, date], bool]] = {
    "performance_missing": _performance,
    "post_unknown": lambda record, _one, _today: record.post is None,
    "unit_ended": lambda record, _one, today: (
        record.unit is None or (record.unit.valid_until is not None and record.unit.valid_until <= today)
    ),
    "two_holders": lambda record, _one, _today: (
        record.post is not None and record.post.structural and record.holders > 1
    ),
    "past_retirement": _past_retirement,
    "leave_ended": _leave_ended,
    "candidate_too_long": _candidate,
    "rank_before_entry": _rank_before_entry,
    "structural_too_early": _too_early,
    "education_too_low": _education,
    "rank_too_low": _rank,
    "nip_unlikely": lambda record, _one, today: bool(record.nip) and _nip(record, today) is None,
}


@cache
def indicators() -> tuple[Indicator, ...]:
    """All indicators. Raises pydantic.ValidationError for a broken file, ValueError for one that nobody looks for."""
    raw = yaml.safe_load(files("services.registry").joinpath("rules/quality.yaml").read_text("utf-8"))
    found = TypeAdapter(tuple[Indicator, ...]).validate_python(raw)
    if strange := {one.id for one in found} ^ _LOOKS.keys():
        raise ValueError(f"rules/quality.yaml and the checks differ: {', '.join(sorted(strange))}")
    return found
