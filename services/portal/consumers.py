"""Which event becomes which fact: each event of a case an entry of its story, and what places and people are called."""

from collections.abc import Iterable

from services.portal.domain.facts import (
    Change,
    Deed,
    Entry,
    File,
    Mandates,
    Paper,
    Particulars,
    Place,
    Planned,
    SignedFile,
)
from services.portal.domain.told import CHANGES, DONE, KEPT, TOLD
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.contracts.plan import PlanWavePublished
from shared.contracts.proposal import ProposalApproved, ProposalDrafted, ProposalRevised, ProposalSubmitted
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    OfficeAssigned,
    OfficeEnded,
    PostRegistered,
    UnitRegistered,
)
from shared.contracts.signatures import DecreeSigned
from shared.contracts.tasks import SubstituteAppointed, SubstituteEnded
from shared.kernel.decider import Event
from shared.runtime.actors import learn_actors
from shared.runtime.service import Envelope, Learn, Routes

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)
TOPICS = tuple(
    f"mutasi.{name}" for name in ("registry", "people", "proposal", "evaluation", "approval", "notification")
)


@routes.on(*TOLD)
def told(event: Event, envelope: Envelope) -> Iterable[Learn]:
    """A line of the case's story."""
    entry = Entry(
        case=getattr(event, "case", ""),
        type=envelope.type,
        source=envelope.source,
        sequence=envelope.sequence,
        at=envelope.time,
        data=event.model_dump(mode="json", include=set(KEPT)),
    )
    yield Learn(Entry, envelope.id, entry)


@routes.on(*DONE)
def done(event: Event, envelope: Envelope) -> Iterable[Learn]:
    """Whose doing it was; what comes about by itself is nobody's."""
    if by := getattr(event, "by", ""):
        yield Learn(Deed, envelope.id, Deed(by=by))


@routes.on(*CHANGES)
def changed(event: Event, envelope: Envelope) -> Iterable[Learn]:
    """What was done to a vacancy, or to the documents of a case."""
    said = event.model_dump(mode="json", include=set(CHANGES[type(event)]))
    yield Learn(
        Change,
        envelope.id,
        Change(of=event.key, type=envelope.type, at=envelope.time, by=envelope.actor, data=said),
    )


@routes.on(SubstituteAppointed, SubstituteEnded)
def standing_in(event: SubstituteAppointed) -> Iterable[Learn]:
    """For whom somebody may act, always all of it."""
    yield Learn(Mandates, event.substitute, Mandates(mandates=event.mandates))


@routes.on(ProposalDrafted, ProposalRevised, ProposalSubmitted, ProposalApproved)
def proposed(event: ProposalDrafted | ProposalSubmitted | ProposalApproved) -> Iterable[Learn]:
    """What is proposed, always the whole of it."""
    yield Learn(File, event.case, File(content=event.content))


@routes.on(DecreeIssued, DecreeAmended, DecreeRevoked)
def papers(event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Iterable[Learn]:
    """What is printed on a numbered paper, for whoever holds it."""
    if event.digest:
        kind = {DecreeAmended.TYPE: "amendment", DecreeRevoked.TYPE: "revocation"}.get(event.TYPE, "transfer")
        id = getattr(event, "amendment", "") or getattr(event, "revocation", "") or event.decree
        known = {**event.model_dump(), "kind": kind, "paper": id, "effective_on": event.effective_on or event.issued_on}
        yield Learn(Paper, event.digest, Paper.model_validate(known))


@routes.on(PlanWavePublished)
def planned(event: PlanWavePublished, envelope: Envelope) -> Iterable[Learn]:
    """Cases that a plan proposed."""
    for line in event.lines:
        yield Learn(Planned, line.case, Planned(at=envelope.time))


@routes.on(DecreeSigned)
def signed(event: DecreeSigned) -> Iterable[Learn]:
    """A file that somebody may hold in their hands."""
    yield Learn(SignedFile, event.sha256, SignedFile(digest=event.digest))


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[Learn]:
    """What the agency is called, its time zone and province."""
    yield Learn(Place, event.agency, Place(name=event.name, zone=event.zone, province=event.province))


@routes.on(UnitRegistered)
def unit(event: UnitRegistered) -> Iterable[Learn]:
    """What the unit is called."""
    yield Learn(Place, event.unit, Place(name=event.name))


@routes.on(PostRegistered)
def post(event: PostRegistered) -> Iterable[Learn]:
    """What the post is called."""
    yield Learn(Place, event.post, Place(name=event.title))


@routes.on(PersonParticulars)
def person(event: PersonParticulars) -> Iterable[Learn]:
    """What the person is called."""
    yield Learn(Particulars, event.person, Particulars(name=event.name))


@routes.on(PersonForgotten)
def forgotten(event: PersonForgotten) -> Iterable[Learn]:
    """From now on an id without a name."""
    yield Learn(Particulars, event.person, None)
