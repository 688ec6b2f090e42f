"""Registering and updating a person: what others may know apart from what they may not. Pure."""

from datetime import datetime

from services.registry.domain.facts import AgencyFact, PostFact, UnitFact
from services.registry.domain.ids import is_system, post_id, unit_id
from services.registry.domain.imported import UNDONE, UndoImport, batch_of, must_be_undone
from services.registry.domain.person import PARTICULARS, Changes, ForgetPerson, Person, RegisterPerson, UpdatePerson
from services.registry.domain.values import rank_fits
from shared.contracts.imports import EmployeeWithdrawn
from shared.contracts.people import EmployeeForgotten, PersonForgotten, PersonParticulars
from shared.contracts.registry import EmployeeRegistered, EmployeeUpdated, Placement, Profile
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event, Facts, Refused, judged_on
from shared.kernel.post import retirement_date

ON_LEAVE = "unpaid_leave"
_OF_EVENT = {"person", "version", "batch"}
_NOT_PROFILE = {"agency", "unit", "post", "birth_date", "post_since", *PARTICULARS}


def must_exist(state: Person) -> None:
    """Raises Refused for a person nobody registered; an agency's own program needs no registration."""
    if state.profile is None and not is_system(state.person):
        raise Refused("UNKNOWN_PERSON", status=404)


def register(state: Person, command: RegisterPerson, now: datetime, facts: Facts) -> list[Event]:
    """A new person, or news of a known one. Raises Refused, and NotYet while agency or post are unknown."""
    agency, post = _seat(command, facts)
    if command.post_since > now.astimezone(Zone[agency.zone].info).date():
        raise Refused("DATE_IN_FUTURE", where="post_since", status=422)
    if state.profile is None and not facts.need(UnitFact, post.unit).open_on(judged_on(now)):
        raise Refused("UNIT_ENDED", where="unit", status=422)
    if state.profile:
        # The seat stays as the last decree left it, and with it the age of retirement.
        post = facts.need(PostFact, state.profile.placement.post)
        since = state.profile.post_since
    else:
        since = command.post_since
    profile = Profile(
        **command.model_dump(exclude=_NOT_PROFILE),
        placement=Placement(agency=post.agency, unit=post.unit, post=post.post),
        post_title=post.title,
        post_kind=post.kind,
        post_since=since,
        retires_on=retirement_date(command.birth_date, post.retirement_age),
    )
    known = command.model_dump(include=set(PARTICULARS))
    if command.nip in state.former:
        del known["nip"]  # an old file does not undo a correction
    return _said(state, profile, {**known, "zone": agency.zone}, batch_of(command))


def _seat(command: RegisterPerson, facts: Facts) -> tuple[AgencyFact, PostFact]:
    id = post_id(command.agency, command.post)
    facts.want((AgencyFact, command.agency), (PostFact, id))
    agency, post = facts.need(AgencyFact, command.agency), facts.need(PostFact, id)
    if post.unit != unit_id(command.agency, command.unit):
        raise Refused("WRONG_UNIT", where="unit", status=422)
    return agency, post


def update(state: Person, command: UpdatePerson) -> list[Event]:
    """What changed, as the whole profile and particulars."""
    if state.profile is None:
        raise Refused("UNKNOWN_PERSON", status=404)
    changes = command.model_dump(exclude_unset=True)
    particulars = {name: changes.pop(name) for name in PARTICULARS if changes.get(name) is not None}
    cleared = ("under_process", "study_assignment", "service_bond")  # None says "not known" for these only
    changes = {name: value for name, value in changes.items() if value is not None or name in cleared}
    if changes.get("rank", state.profile.rank) != state.profile.rank:
        changes.setdefault("rank_since", None)  # the date told is that of the rank before
    if changes.get("status", ON_LEAVE) != ON_LEAVE:
        changes.setdefault("leave_until", None)
    return _said(state, Profile(**{**state.profile.model_dump(), **changes}), particulars)


def undo(state: Person, command: UndoImport) -> list[Event]:
    """What was known before the file; who was not known is gone, with their particulars. Raises Refused."""
    if not must_be_undone(state.imported, command) or state.profile is None:
        return []
    before = state.imported.before if state.imported else None
    if before is None:
        forgotten = PersonForgotten(person=state.person, reason="import")
        return [forgotten, EmployeeWithdrawn(person=state.person, post=state.profile.placement.post)]
    particulars = before.particulars.model_dump(exclude=_OF_EVENT) if before.particulars else {}
    return _said(state, before.profile, particulars, UNDONE)


def forget(state: Person, command: ForgetPerson, now: datetime) -> list[Event]:
    """Erase the particulars (UU 27/2022). Raises Refused while the person still acts or is about to move."""
    if state.profile is None:
        raise Refused("UNKNOWN_PERSON", status=404)
    if state.forgotten:
        return []
    if state.moves:
        raise Refused("MOVE_WAITS")
    if any(office.until is None or judged_on(now) < office.until for office in state.offices):
        raise Refused("OFFICE_HELD")
    names_nobody(state, command.reason)
    return [EmployeeForgotten(person=state.person), PersonForgotten(person=state.person, reason=command.reason)]


def names_nobody(state: Person, reason: str) -> None:
    """Raises Refused for a reason that names the person: it is kept for ever, and they may be forgotten."""
    known = state.particulars
    names = (known.name, known.nip, known.email) if known else ()
    if any(name and name.casefold() in reason.casefold() for name in names):
        raise Refused("REASON_NAMES_PERSON", where="reason", status=422)


def _said(state: Person, profile: Profile, particulars: Changes, batch: str = "") -> list[Event]:
    """The events for what is new; nothing for what is known."""
    if not rank_fits(profile.employment, profile.rank):
        raise Refused("RANK_OF_OTHER_SCALE", where="rank", status=422)
    if profile.leave_until and profile.status != ON_LEAVE:
        raise Refused("NOT_ON_LEAVE", where="leave_until", status=422)
    if state.forgotten and particulars:
        raise Refused("PERSON_FORGOTTEN")
    events: list[Event] = []
    if profile != state.profile:
        said = EmployeeUpdated if state.profile else EmployeeRegistered
        events.append(said(person=state.person, profile=profile, batch=batch))
    before = state.particulars.model_dump() if state.particulars else {"person": state.person}
    if any(before.get(name) != value for name, value in particulars.items()):
        version = state.particulars.version + 1 if state.particulars else 1
        events.append(PersonParticulars(**{**before, **particulars, "version": version, "batch": batch}))
    return events
