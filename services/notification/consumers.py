"""Which event goes where: to the message of the person it concerns, to the desk it waits at, or to a copy."""

from collections.abc import Iterable

from services.notification.domain import rules
from services.notification.domain.contacts import CONTACTS, book_id
from services.notification.domain.desks import DESKS, Waiting, desk_id
from services.notification.domain.digests import DIGESTS, digest_id
from services.notification.domain.entry import message_id
from services.notification.domain.errands import ERRANDS, correct_id, deliver_id, hard
from services.notification.domain.facts import (
    Addresses,
    Contacts,
    Home,
    Particulars,
    Suspended,
    Title,
    Wishes,
    addresses_id,
    suspended_id,
)
from services.notification.domain.ladder import CHAT
from services.notification.domain.ledger import MESSAGES
from services.notification.domain.queueing import on_paper
from services.notification.settings import settings
from shared.contracts.broadcasts import BroadcastPage
from shared.contracts.contacts import ContactRemoved, ContactVerified, MessagePassed
from shared.contracts.digests import DigestDue, MessageGathered
from shared.contracts.notification import MessageBounced, MessageDue, PreferencesChanged
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    PostRegistered,
    UnitRegistered,
)
from shared.kernel.decider import Event
from shared.runtime.actors import learn_actors
from shared.runtime.service import Envelope, Learn, Routes, To

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)
TOPICS = tuple(
    f"mutasi.{name}" for name in ("registry", "people", "proposal", "evaluation", "approval", "notification")
)


@routes.on(*rules.events("person"))
def concerns(event: Event, envelope: Envelope) -> Iterable[To]:
    """The person of the case is told; before the row's day nobody is."""
    row = rules.rule(type(event).TYPE, rules.day(envelope.time))
    if row is not None and (person := row.person(event)):
        yield To(MESSAGES, message_id(envelope.id, person, row.channel_of(event) or settings().channel))


@routes.on(*rules.events("desk"))
def waits(event: Waiting) -> Iterable[To]:
    """Whoever holds the office is told, and the desk knows who that is; of a term that passed the superior one too."""
    yield To(DESKS, desk_id(event.office, event.agency, event.unit))
    if superior := getattr(event, "superior", ""):
        yield To(DESKS, desk_id(superior, event.agency, ""))


@routes.on(OfficeAssigned, OfficeEnded)
def sits(event: OfficeAssigned) -> Iterable[To]:
    """The desk hears who comes and who goes."""
    yield To(DESKS, desk_id(event.office.office, event.office.agency, event.office.unit))


@routes.on(MessageDue)
def due(event: MessageDue) -> Iterable[To]:
    """Our own desk says who is to be told: one message each."""
    for person in event.persons:
        yield To(MESSAGES, message_id(event.event, person, settings().channel))


@routes.on(MessageGathered)
def gathered(event: MessageGathered) -> Iterable[To]:
    """Our own message waits for the person's digest."""
    yield To(DIGESTS, digest_id(event.person, event.channel))


@routes.on(*rules.events("digest"))
def told_together(event: DigestDue, envelope: Envelope) -> Iterable[To]:
    """The digest is a message of its own, and ends those that are in it."""
    yield To(MESSAGES, message_id(envelope.id, event.person, event.channel))
    for item in event.items:
        yield To(MESSAGES, item.message)


@routes.on(*rules.events("broadcast"))
def announced(event: BroadcastPage) -> Iterable[To]:
    """One message each; who comes twice meets the same one."""
    for person in event.persons:
        yield To(MESSAGES, message_id(event.broadcast, person, settings().channel))


@routes.on(PersonParticulars)
def particulars(event: PersonParticulars) -> Iterable[Learn]:
    """How to greet and reach a person; the number is not kept, no message needs it."""
    told = event.model_dump(include=set(Particulars.model_fields))
    known = Particulars.model_validate(told)
    yield Learn(Particulars, event.person, known)


@routes.on(PersonForgotten)
def forgotten(event: PersonForgotten) -> Iterable[To | Learn]:
    """Nobody to greet or reach any more."""
    yield Learn(Particulars, event.person, None)
    yield To(CONTACTS, book_id(event.person))
    for channel in CHAT:
        yield Learn(Addresses, addresses_id(event.person, channel), None)


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[Learn]:
    """What the agency is called."""
    yield Learn(Title, f"agency/{event.agency}", Title(text=event.name))


@routes.on(UnitRegistered)
def unit(event: UnitRegistered) -> Iterable[Learn]:
    """What the unit is called."""
    yield Learn(Title, f"unit/{event.unit}", Title(text=event.name))


@routes.on(PostRegistered)
def post(event: PostRegistered) -> Iterable[Learn]:
    """What the post is called."""
    yield Learn(Title, f"post/{event.post}", Title(text=event.title))


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def belongs(event: EmployeeRegistered) -> Iterable[Learn]:
    """Which agency does errands for a person, and which announcements are for them."""
    here = event.profile.placement
    yield Learn(Home, event.person, Home(agency=here.agency, unit=here.unit))


@routes.on(PreferencesChanged)
def wishes(event: PreferencesChanged) -> Iterable[Learn]:
    """Our own person's wishes, for the messages to come."""
    yield Learn(Wishes, event.person, Wishes.model_validate(event.model_dump(exclude={"person"})))


@routes.on(ContactVerified, ContactRemoved)
def reached(event: ContactVerified) -> Iterable[Learn]:
    """Where our own person can be told besides e-mail."""
    yield Learn(Contacts, event.person, Contacts(verified=event.verified))


@routes.on(MessageBounced)
def bounced(event: MessageBounced) -> Iterable[To | Learn]:
    """An address that is at fault is not written to again; the agency has to mend what the registry has."""
    if hard(event):
        yield Learn(Suspended, suspended_id(event.person, event.channel, event.known), Suspended(code=event.reply.code))
        if event.channel == "email":
            yield To(ERRANDS, correct_id(event))


@routes.on(MessagePassed)
def passed(event: MessagePassed) -> Iterable[To]:
    """The next channel has its turn, or a legal notice goes on paper."""
    if on_paper(event):
        yield To(ERRANDS, deliver_id(event.message))
    else:
        yield To(MESSAGES, message_id(event.event, event.person, event.to))
