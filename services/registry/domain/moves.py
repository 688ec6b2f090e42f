"""The move of a person on the effective date of the decree: checked once more, then done or refused. Pure."""

from datetime import date, datetime, time

from services.registry.domain.facts import AgencyFact, OccupancyFact, PostFact, UnitFact
from services.registry.domain.values import ZoneName
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.registry import (
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeMoveScheduled,
    Placement,
    Profile,
)
from shared.kernel.calendar import Zone, add_years
from shared.kernel.decider import Event, Facts, Frozen, Timer


class Move(Frozen):
    """A decreed move that waits for 00:00 local time of its effective date (TMT); `amendment` changed that date.

    One of a group waits for the group, not for its own timer; it is ready once it said that it can happen.
    """

    decree: str
    amendment: str = ""
    case: str
    vacancy: str
    origin: Placement
    target: Placement
    effective_on: date
    zone: ZoneName
    group: str = ""
    ready: bool = False

    @property
    def timer(self) -> Timer:
        """When it is due, in the zone of the receiving agency."""
        at = datetime.combine(self.effective_on, time(), Zone[self.zone].info)
        return Timer(f"move:{self.amendment or self.decree}", at, "move")


def scheduled(event: DecreeIssued, facts: Facts) -> EmployeeMoveScheduled:
    """The move as it will happen. Raises NotYet while the receiving agency is unknown."""
    return EmployeeMoveScheduled(
        person=event.person,
        case=event.case,
        decree=event.decree,
        vacancy=event.vacancy,
        origin=event.origin,
        target=event.target,
        effective_on=event.effective_on,
        zone=facts.need(AgencyFact, event.target.agency).zone,
        group=event.group,
    )


def rescheduled(person: str, move: Move, event: DecreeAmended) -> EmployeeMoveScheduled:
    """The same move on the day of the amending decree."""
    about = move.model_dump(exclude={"effective_on", "amendment", "ready"})
    return EmployeeMoveScheduled.model_validate(
        {**about, "person": person, "effective_on": event.effective_on, "amendment": event.amendment}
    )


def undone(event: DecreeRevoked, facts: Facts) -> EmployeeMoveScheduled:
    """The way back from a move whose decree was revoked after it took effect. Raises NotYet."""
    if event.origin is None or event.target is None or event.effective_on is None:
        raise ValueError(f"{event.revocation} does not say where the person goes back to")
    return EmployeeMoveScheduled(
        person=event.person,
        case=event.case,
        decree=event.revocation,
        vacancy="",
        origin=event.target,
        target=event.origin,
        effective_on=event.effective_on,
        zone=facts.need(AgencyFact, event.origin.agency).zone,
    )


def refused(person: str, move: Move, code: str) -> EmployeeMoveRefused:
    """The move does not happen, for that reason."""
    return EmployeeMoveRefused(person=person, case=move.case, decree=move.decree, code=code, group=move.group)


def done(person: str, profile: Profile, move: Move, waiting: tuple[Move, ...], facts: Facts) -> Event:
    """What the day of the move brings; `waiting` are all moves of the person, earlier decrees first."""
    code = hindrance(profile, move, waiting, facts, freed=0)
    return refused(person, move, code) if code else moved(person, profile, move, facts)


def hindrance(profile: Profile, move: Move, waiting: tuple[Move, ...], facts: Facts, *, freed: int) -> str:
    """Why the move cannot be made, as a code; empty when it can. `freed` seats of the post are left at the same time
    by others than those who come."""
    target = move.target
    facts.want(
        (PostFact, target.post), (PostFact, move.origin.post), (OccupancyFact, target.post), (UnitFact, target.unit)
    )
    post, unit = facts.get(PostFact, target.post), facts.get(UnitFact, target.unit)
    gone = unit is not None and not unit.open_on(move.effective_on)
    if post is None or gone or (post.agency, post.unit) != (target.agency, target.unit):
        return "JABATAN_DIHAPUS"
    retires_on = _retires_on(profile, facts.get(PostFact, move.origin.post), post)
    return _personal(profile, move, waiting, retires_on) or _full(post, facts, freed)


def moved(person: str, profile: Profile, move: Move, facts: Facts) -> EmployeeMoved:
    """The person takes the seat. Raises NotYet for a post that is not known."""
    post = facts.need(PostFact, move.target.post)
    changes = {
        "placement": move.target,
        "post_title": post.title,
        "post_kind": post.kind,
        "post_since": move.effective_on,
        "retires_on": _retires_on(profile, facts.get(PostFact, move.origin.post), post),
    }
    return EmployeeMoved(
        person=person,
        profile=profile.model_copy(update=changes),
        case=move.case,
        decree=move.decree,
        left=move.origin,
        effective_on=move.effective_on,
        vacancy=move.vacancy,
    )


def _personal(profile: Profile, move: Move, waiting: tuple[Move, ...], retires_on: date) -> str:
    """What about the person stands in the way, as a code; empty when nothing does."""
    contract = profile.contract_until
    earlier = waiting[: waiting.index(move)]
    hindrances = {
        "PERSON_NOT_ACTIVE": profile.status != "active",
        "PROSES_DISIPLIN": bool(profile.under_process),
        "USIA_BUP": min(profile.retires_on, retires_on) <= move.effective_on,
        "KONTRAK_BERAKHIR": contract is not None and contract < move.effective_on,
        "ORIGIN_CHANGED": profile.placement != move.origin,
        # Of two decrees for one day the first decides, whichever timer fires first.
        "OTHER_MOVE": any(other.effective_on <= move.effective_on for other in earlier),
    }
    return next((code for code, there in hindrances.items() if there), "")


def _full(post: PostFact, facts: Facts, freed: int) -> str:
    """One who comes for one who leaves makes a post no fuller, even one that has more holders than seats."""
    occupancy = facts.get(OccupancyFact, post.post)
    full = freed <= 0 and occupancy is not None and occupancy.holders - freed >= post.seats
    full = full or not post.seats  # abolished: nobody comes any more, for whomever
    return "FORMASI_PENUH" if full else ""


def _retires_on(profile: Profile, old: PostFact | None, new: PostFact) -> date:
    """Retirement is an attribute of the post (BUP): another age there moves the date by whole years."""
    years = new.retirement_age - old.retirement_age if old else 0
    return add_years(profile.retires_on, years)
