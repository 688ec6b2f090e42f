"""The checks of the move itself: its kind, the calendar of elections, commitments, and steps down. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import Field

from services.evaluation.domain.facts import Region, Seen
from services.evaluation.domain.predicates import (
    NOT_APPLICABLE,
    Count,
    Months,
    Names,
    Params,
    Verdict,
    full_months,
    judged,
    unknown,
)
from shared.kernel.calendar import add_months
from shared.kernel.move import Home, kind_between
from shared.kernel.post import PostKind

Official = Literal["supervisor", "administrator", "jpt_pratama", "jpt_madya", "jpt_utama"]
_HEIGHTS = {kind: height for height, kind in enumerate(get_args(Official), 1)}


def height(kind: str) -> int:
    """Step of a kind of post on the ladder of officials, 0 for staff and functional posts."""
    return _HEIGHTS.get(kind, 0)


class Kinds(Params):
    """The kinds of move that the system serves, and the kinds of agency that are central."""

    served: Annotated[Names, Field(min_length=1)]
    central: Names


def _home(agency: str, region: Region | None) -> Home:
    return Home(agency, region.kind, region.province) if region else Home(agency, "", "")


def kind_of_move(seen: Seen, params: Kinds) -> Verdict:
    """The kind of the move, by its two agencies, is one that is served; PP 11/2017 ps 190(2) [S]."""
    origin, target = seen.employee.placement.agency, seen.vacancy.placement.agency
    if origin != target and (missing := [agency for agency in (origin, target) if agency not in seen.regions]):
        return unknown(f"agency.{missing[0]}")
    homes = [_home(agency, seen.regions.get(agency)) for agency in (origin, target)]
    kind = kind_between(homes[0], homes[1], frozenset(params.central))
    return judged(kind in params.served, has=kind, required=", ".join(params.served))


class Election(Params):
    """One election of regional heads: when candidates were determined, when the heads took office, and where later."""

    determined_on: date
    inaugurated_on: date
    later: Mapping[str, date] = {}


class Elections(Params):
    """The months closed before the determination and after the inauguration, and the elections there were."""

    months_before: Count
    months_after: Count
    central: Names
    elections: tuple[Election, ...]


def outside_elections(seen: Seen, params: Elections) -> Verdict:
    """An official is not replaced around an election; UU 10/2016 ps 71(2), 162(3) [P]. Not in the centre."""
    target = seen.vacancy.placement.agency
    region = seen.regions.get(target)
    if not height(seen.vacancy.post_kind) or (region and region.kind in params.central):
        return NOT_APPLICABLE
    windows = [
        (
            add_months(one.determined_on, -params.months_before),
            add_months(one.later.get(target, one.inaugurated_on), params.months_after),
        )
        for one in params.elections
    ]
    inside = [(start, end) for start, end in windows if start <= seen.on < end]
    if inside and region is None:
        return unknown(f"agency.{target}")
    values = {"on": str(seen.on), "from": "-", "to": "-"}
    if inside:
        values |= {"from": str(inside[0][0]), "to": str(inside[0][1])}
    return judged(not inside, **values)


class Initiatives(Params):
    """Whose initiative binds the rule."""

    initiatives: Annotated[Names, Field(min_length=1)]


def commitment_over(seen: Seen, params: Initiatives) -> Verdict:
    """The years promised at recruitment are over; a duty move is free of it. PermenPANRB 27/2021 [P]."""
    until = seen.employee.committed_until
    if until is None:
        return NOT_APPLICABLE
    if seen.on <= until and not seen.initiative:
        return unknown("proposal.initiative")
    if seen.initiative and seen.initiative not in params.initiatives:
        return NOT_APPLICABLE
    return judged(seen.on > until, on=seen.on, until=until)


def tenure_at_most(seen: Seen, params: Months) -> Verdict:
    """The post has not been held longer than so many months: else rotation is due. PP 11/2017 ps 190(3) [S]."""
    since = seen.employee.post_since
    longest = add_months(since, params.months)
    return judged(seen.on <= longest, since=since, months=full_months(since, seen.on), required=params.months)


class MonthsByKind(Params):
    """Full months in post by the kind of the post held."""

    months: Annotated[Mapping[Official, Count], Field(min_length=1)]


def tenure_by_kind(seen: Seen, params: MonthsByKind) -> Verdict:
    """An official has held the post for what practice asks of that kind [P]."""
    kind = seen.employee.post_kind
    if not kind:
        return unknown("employee.post_kind")
    required = {str(known): months for known, months in params.months.items()}.get(kind)
    if required is None:
        return NOT_APPLICABLE
    since = seen.employee.post_since
    complete = add_months(since, required) <= seen.on
    return judged(complete, since=since, months=full_months(since, seen.on), required=required)


def no_step_down(seen: Seen, _params: Params) -> Verdict:
    """An official does not come to a lower kind of post; PP 94/2021 ps 8 has demotion as a punishment [S]."""
    if not seen.employee.post_kind:
        return unknown("employee.post_kind")
    now, then = seen.employee.post_kind, seen.vacancy.post_kind
    if not height(now) or then == PostKind.FUNCTIONAL.value:
        return NOT_APPLICABLE
    return judged(height(then) >= height(now), has=now, required=then)
