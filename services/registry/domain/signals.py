"""Signals of demand: complaints about a service, surveys of a unit, disasters; a rise is told as `need.assessed`. Pure.

Sources: complaints per service (A09), strain and morale (A13, B10), disasters by decree (P02). What is usual is the
series' own past (`rise.py`), never another unit.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Annotated, Any, Literal

from pydantic import Field, StringConstraints

from services.registry.domain.facts import AnalysisFact, OccupancyFact, PostFact, UnitFact
from services.registry.domain.ids import Code, plain, post_id, unit_id
from services.registry.domain.needs import need_id
from services.registry.domain.rise import Month, Rise, rise, terms_of
from services.registry.domain.values import Day, Name
from shared.contracts.need import NeedAssessed, NeedSignal
from shared.contracts.signals import DisasterDeclared, ServiceMeasured, UnitSurveyed
from shared.kernel.calendar import add_months
from shared.kernel.decider import Command, Decider, Event, Facts, Frozen, Message, Refused, judged_on

Count = Annotated[int, Field(ge=0, le=10_000_000)]
Served = Annotated[int, Field(ge=1, le=10_000_000)]
Answers = Annotated[int, Field(ge=1, le=1_000_000)]
Satisfaction = Annotated[int, Field(ge=2500, le=10_000)]
Reference = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
Units = Annotated[tuple[Code, ...], Field(min_length=1, max_length=200)]
MonthText = Annotated[str, StringConstraints(pattern=r"^20[0-9]{2}-(0[1-9]|1[0-2])$")]
Kind = Literal["complaints", "dissatisfied", "strained", "low_morale"]
ASKED: tuple[Kind, ...] = ("dissatisfied", "strained", "low_morale")
PULSE = ("poor_climate", "unvalued")  # told to those who look back at moves (J15, B07); no sign that people are short
_KEPT = 60  # months of a series
_PER_MILLION, _HUNDRED = 1_000_000, 100


class Series(Frozen):
    """The months of one service, or of the surveys of one unit; `raised`: the month of the last rise told, by kind."""

    agency: str = ""
    unit: str = ""
    post: str = ""
    said: Mapping[str, ServiceMeasured | UnitSurveyed] = {}
    raised: Mapping[str, str] = {}


class MeasureService(Command):
    """Complaints about a service of a unit in a month; again for the same month replaces them."""

    agency: Code
    unit: Code
    service: Code
    month: MonthText
    complaints: Count
    post: Code | None = None
    served: Served | None = None
    satisfaction: Satisfaction | None = None


class SurveyUnit(Command):
    """How many of those who answered a survey of a unit in a month were dissatisfied, strained, of low morale, found
    the climate poor, or did not feel valued."""

    agency: Code
    unit: Code
    month: MonthText
    answers: Answers
    dissatisfied: Count | None = None
    strained: Count | None = None
    low_morale: Count | None = None
    poor_climate: Count | None = None
    unvalued: Count | None = None


class DeclareDisaster(Command):
    """A disaster by the decree that declares it, for these units."""

    agency: Code
    reference: Reference
    name: Name
    status: Literal["alert", "emergency", "transition"]
    decree: Name
    since: Day
    until: Day | None = None
    units: Units


class Disaster(Frozen):
    """A disaster as it was declared last."""

    declared: DisasterDeclared | None = None


def service_id(agency: str, unit: str, service: str) -> str:
    """Id of the series of a service."""
    return f"s:{agency}:{unit}:{service}"


def survey_id(agency: str, unit: str) -> str:
    """Id of the surveys of a unit."""
    return f"survey:{agency}:{unit}"


def disaster_id(agency: str, reference: str) -> str:
    """Id of a disaster by the agency's own reference."""
    return f"disaster:{agency}:{plain(reference)}"


def _decide(state: Series, message: Message, facts: Facts) -> list[Event]:
    match message.body:
        case MeasureService() as command:
            return _said(state, _measured(command, facts), ("complaints",), message.time, facts)
        case SurveyUnit() as command:
            return _said(state, _surveyed(command), ASKED, message.time, facts)
    return []


def _measured(command: MeasureService, facts: Facts) -> ServiceMeasured:
    """Raises Refused for a post of another unit, and NotYet while the post is unknown."""
    unit = unit_id(command.agency, command.unit)
    post = post_id(command.agency, command.post) if command.post else ""
    if post and facts.need(PostFact, post).unit != unit:
        raise Refused("WRONG_UNIT", where="post", status=422)
    return ServiceMeasured.model_validate({**command.model_dump(), "unit": unit, "post": post})


def _surveyed(command: SurveyUnit) -> UnitSurveyed:
    """Raises Refused for so few answers that they tell of single people, and for more of a kind than answered."""
    for kind in (*ASKED, *PULSE):
        if (getattr(command, kind) or 0) > command.answers:
            raise Refused("MORE_THAN_ANSWERED", where=kind, status=422)
    fewest = terms_of(command.month).fewest_answers
    if command.answers < fewest:
        raise Refused("TOO_FEW_ANSWERS", where="answers", status=422, fewest=fewest)
    return UnitSurveyed.model_validate({**command.model_dump(), "unit": unit_id(command.agency, command.unit)})


def _said(
    state: Series, event: ServiceMeasured | UnitSurveyed, kinds: tuple[Kind, ...], now: datetime, facts: Facts
) -> list[Event]:
    """The measure, and what rose with it. Raises Refused for a month to come, NotYet while the unit is unknown."""
    facts.need(UnitFact, event.unit)
    if event.month > f"{judged_on(now):%Y-%m}":
        raise Refused("MONTH_TO_COME", where="month", status=422)
    if state.said.get(event.month) == event:
        return []
    after = _evolve(state, event)
    rises = ((kind, _risen(after, kind, event.month)) for kind in kinds)
    return [event, *(_need(after, kind, found, facts) for kind, found in rises if found)]


def _risen(state: Series, kind: Kind, month: str) -> Rise | None:
    """A rise that ends in this month, if it is the newest and none was told shortly before."""
    terms, told = terms_of(month), state.raised.get(kind, "")
    until = f"{add_months(date.fromisoformat(told + '-01'), terms.quiet_months):%Y-%m}" if told else ""
    if month != max(state.said) or month < until:
        return None
    return rise(series(state, kind), terms)


def series(state: Series, kind: Kind) -> list[Month]:
    """The months in which this was counted, in the order of time, and out of how many where all of them know that."""
    known = [(month, said) for month, said in sorted(state.said.items()) if getattr(said, kind) is not None]
    out_of = [said.answers if isinstance(said, UnitSurveyed) else said.served for _, said in known]
    whole = all(out_of)
    return [
        Month(month, int(getattr(said, kind)), (many or 1) if whole else 1)
        for (month, said), many in zip(known, out_of, strict=True)
    ]


def _need(state: Series, kind: Kind, found: Rise, facts: Facts) -> NeedAssessed:
    newest = state.said[found.months[-1]]
    signal = NeedSignal(
        kind=kind,
        service=newest.service if isinstance(newest, ServiceMeasured) else "",
        months=found.months,
        observed=found.observed,
        expected=round(found.expected * _HUNDRED),
        chance=round(found.chance * _PER_MILLION),
    )
    year, source = int(found.months[-1][:4]), terms_of(found.months[-1]).source
    return NeedAssessed(
        post=state.post,
        agency=state.agency,
        unit=state.unit,
        year=year,
        basis=kind,
        source=source,
        signal=signal,
        **_figures(state.post, year, facts),
    )


def _figures(post: str, year: int, facts: Facts) -> dict[str, int]:
    """What the last analysis of the post says, else its seats; nothing for a whole unit."""
    if not post:
        return dict.fromkeys(("load", "raw", "need", "have", "gap"), 0)
    years = (need_id(post, year), need_id(post, year - 1))
    facts.want((PostFact, post), (OccupancyFact, post), *((AnalysisFact, one) for one in years))
    occupancy = facts.get(OccupancyFact, post)
    analysis = facts.get(AnalysisFact, years[0]) or facts.get(AnalysisFact, years[1])
    have, seats = occupancy.holders if occupancy else 0, facts.need(PostFact, post).seats
    known = analysis.model_dump() if analysis else {"load": 0, "raw": seats * _HUNDRED, "need": seats}
    return {**known, "have": have, "gap": have - int(known["need"])}


def _evolve(state: Series, event: Event) -> Series:
    match event:
        case ServiceMeasured() | UnitSurveyed():
            months = dict(sorted({**state.said, event.month: event}.items())[-_KEPT:])
            post = getattr(event, "post", "")
            return state.model_copy(update={"said": months, "agency": event.agency, "unit": event.unit, "post": post})
        case NeedAssessed(signal=NeedSignal() as signal):
            return state.model_copy(update={"raised": {**state.raised, signal.kind: signal.months[-1]}})
    return state


def _declared(state: Disaster, message: Message, facts: Facts) -> list[Event]:
    """The decree, and for each of its units that more people are needed. Raises NotYet for an unknown unit."""
    command = message.body
    if not isinstance(command, DeclareDisaster):
        return []
    if command.until and command.until <= command.since:
        raise Refused("BAD_PERIOD", where="until", status=422)
    units = tuple(unit_id(command.agency, code) for code in command.units)
    facts.want(*((UnitFact, unit) for unit in units))
    for unit in units:
        facts.need(UnitFact, unit)
    id = disaster_id(command.agency, command.reference)
    event = DisasterDeclared.model_validate({**command.model_dump(), "disaster": id, "units": units})
    known = state.declared.units if state.declared else ()
    return [] if event == state.declared else [event, *(_struck(event, unit) for unit in units if unit not in known)]


def _struck(event: DisasterDeclared, unit: str) -> NeedAssessed:
    signal = NeedSignal(kind="disaster", months=(f"{event.since:%Y-%m}",), decree=event.decree)
    none = dict.fromkeys(("load", "raw", "need", "have", "gap"), 0)
    about = {"agency": event.agency, "unit": unit, "post": "", "year": event.since.year, "source": event.decree}
    return NeedAssessed.model_validate({**about, **none, "basis": "disaster", "signal": signal})


def _answer(state: Series) -> Mapping[str, Any]:
    said = [one.model_dump(mode="json", exclude={"agency", "unit", "post"}) for one in state.said.values()]
    return {**state.model_dump(mode="json", exclude={"said"}), "months": said}


SIGNALS: Decider[Series] = Decider("signals", Series, lambda _id: Series(), _decide, _evolve, answer=_answer)
DISASTERS: Decider[Disaster] = Decider(
    "disasters",
    Disaster,
    lambda _id: Disaster(),
    _declared,
    lambda state, event: Disaster(declared=event) if isinstance(event, DisasterDeclared) else state,
    answer=lambda state: state.declared.model_dump(mode="json") if state.declared else {},
)
