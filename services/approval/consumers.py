"""Which event goes where: to the approval case, to the register of decrees, or into a local copy."""

from collections.abc import Iterable

from services.approval.deciders import CASES, DECREES
from services.approval.domain import (
    PAPERS,
    Agency,
    Amendment,
    Applicant,
    Bundle,
    Decree,
    Deputy,
    Employee,
    Grant,
    Holder,
    Name,
    Objected,
    Outcome,
    Particulars,
    Proposal,
    Revocation,
    Settled,
    applicant_id,
    decree_id,
    decrees_of,
)
from services.approval.domain.inaugurations import INAUGURATIONS, inauguration_of
from services.approval.settings import settings
from shared.contracts.approval import (
    ApprovalGranted,
    DecreeAmended,
    DecreeIssued,
    DecreeRevoked,
    DecreeWithheld,
)
from shared.contracts.assignments import AssignmentOrdered
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.groups import GroupApproved
from shared.contracts.objections import (
    CourtRecorded,
    ObjectionAnswered,
    ObjectionFiled,
)
from shared.contracts.people import PersonForgotten, PersonParticulars
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.ranking import RankingDecided
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    PostRegistered,
    UnitRegistered,
)
from shared.contracts.reorganisations import ReorganisationApproved, ReorganisationProposed
from shared.contracts.tasks import SubstituteAppointed, SubstituteEnded
from shared.runtime.actors import learn_actors
from shared.runtime.service import Learn, Routes, To

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)
Ending = ProposalWithdrawn | ProposalRefused | ProposalReturned | ProposalExpired | ProposalCompleted


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[To | Learn]:
    """Its time zone, name and province."""
    yield Learn(Agency, event.agency, Agency(zone=event.zone, name=event.name, province=event.province))


@routes.on(UnitRegistered)
def unit(event: UnitRegistered) -> Iterable[To | Learn]:
    """What a unit is called in a decree."""
    yield Learn(Name, event.unit, Name(name=event.name))


@routes.on(PostRegistered)
def post(event: PostRegistered) -> Iterable[To | Learn]:
    """What a post is called in a decree."""
    yield Learn(Name, event.post, Name(name=event.title))


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def employee(event: EmployeeRegistered) -> Iterable[To | Learn]:
    """Who is related to whom."""
    yield Learn(Employee, event.person, Employee(relatives=event.profile.relatives))


@routes.on(PersonParticulars)
def particulars(event: PersonParticulars) -> Iterable[To | Learn]:
    """Name and number, for the printed decree only."""
    yield Learn(Particulars, event.person, Particulars(name=event.name, nip=event.nip))


@routes.on(PersonForgotten)
def forgotten(event: PersonForgotten) -> Iterable[To | Learn]:
    """A decree printed from now on names the person by id."""
    yield Learn(Particulars, event.person, None)


@routes.on(ProposalSubmitted)
def submitted(event: ProposalSubmitted) -> Iterable[To | Learn]:
    """What the case is about, for which an evaluation that came first waits; and who wants the seat (I9)."""
    value = Proposal.model_validate(event.model_dump(include=set(Proposal.model_fields)))
    yield Learn(Proposal, event.case, value)
    if vacancy := event.content.vacancy:
        yield Learn(Applicant, applicant_id(vacancy, event.content.person), Applicant(case=event.case))


@routes.on(EvaluationCompleted)
def evaluated(event: EvaluationCompleted) -> Iterable[To | Learn]:
    """An eligible one opens the chain."""
    yield To(CASES, event.case)


@routes.on(AssignmentOrdered)
def assigned(event: AssignmentOrdered) -> Iterable[To | Learn]:
    """Heads and authority are asked after the fact."""
    yield To(CASES, event.assignment)


@routes.on(RankingDecided)
def chosen(event: RankingDecided) -> Iterable[To | Learn]:
    """Who was chosen at the closing of a ranked vacancy goes on to the chain."""
    for one in event.chosen:
        yield To(CASES, one.case)


@routes.on(ProposalWithdrawn, ProposalRefused, ProposalReturned, ProposalExpired, ProposalCompleted)
def over(event: Ending) -> Iterable[To | Learn]:
    """No task stays behind."""
    yield To(CASES, event.case)


@routes.on(ProposalApproved)
def approved(event: ProposalApproved) -> Iterable[To | Learn]:
    """Asks the register of the agency that appoints for a decree: the receiving one (PP 11/2017 ps 192(4))."""
    yield To(DECREES, decrees_of(event.content.target.agency))


@routes.on(ReorganisationProposed)
def listed(event: ReorganisationProposed) -> Iterable[To | Learn]:
    """The whole list goes through one chain."""
    yield To(CASES, event.reorganisation)


@routes.on(ReorganisationApproved)
def list_approved(event: ReorganisationApproved) -> Iterable[To | Learn]:
    """Asks for one decree with a paper for each."""
    yield To(DECREES, decrees_of(event.agency))


@routes.on(GroupApproved)
def group_approved(event: GroupApproved) -> Iterable[To | Learn]:
    """Asks for one decree with a paper for each member; between agencies the first receiving one numbers them all."""
    yield To(DECREES, decrees_of(event.files[0].content.target.agency))


@routes.on(DecreeGroupIssued)
def group_issued(event: DecreeGroupIssued) -> Iterable[To | Learn]:
    """Each case hands its member the own paper; which papers belong together."""
    if not event.each:
        yield Learn(Bundle, event.group, Bundle(decrees=tuple(paper.decree for paper in event.papers)))
    for paper in event.papers:
        yield To(CASES, paper.case)


@routes.on(ApprovalGranted)
def granted(event: ApprovalGranted) -> Iterable[To | Learn]:
    """Who decided and who consented, for the register that issues the decree."""
    grant = Grant.model_validate(event.model_dump(include=set(Grant.model_fields)))
    yield Learn(Grant, decree_id(event.case, event.attempt), grant)


@routes.on(DecreeWithheld)
def withheld(event: DecreeWithheld) -> Iterable[To | Learn]:
    """The register knows it for ever."""
    yield Learn(Settled, event.decree, Settled(code=event.code))


@routes.on(EmployeeMoveRefused)
def move_refused(event: EmployeeMoveRefused) -> Iterable[To | Learn]:
    """The decree is to be revoked. The case says so: the event names no agency, and the number stays used."""
    yield To(CASES, event.case)
    yield Learn(Outcome, event.decree, Outcome(moved=False))


@routes.on(EmployeeMoved)
def moved(event: EmployeeMoved) -> Iterable[To | Learn]:
    """The decree took effect."""
    yield Learn(Outcome, event.decree, Outcome(moved=True))


@routes.on(DecreeIssued)
def issued(event: DecreeIssued) -> Iterable[To | Learn]:
    """Our own decree, to be read and printed, and so that the register knows it for ever."""
    yield Learn(Decree, event.decree, Decree(issued=event))


@routes.on(DecreeRevoked)
def revoked(event: DecreeRevoked) -> Iterable[To | Learn]:
    """It stays visible, as revoked; by a decree of its own, or because its move was refused."""
    if event.revocation:
        yield Learn(Settled, event.revocation, Settled(code="revoked", revoked=event))
    else:
        yield Learn(Revocation, event.decree, Revocation(code=event.code))


@routes.on(DecreeAmended)
def amended(event: DecreeAmended) -> Iterable[To | Learn]:
    """The newest effective date, and the amending decree itself."""
    dates = {"effective_on": event.effective_on, "issued_on": event.issued_on}
    yield Learn(Amendment, event.decree, Amendment(amendment=event.amendment, **dates))
    yield Learn(Settled, event.amendment, Settled(code="amended", amended=event))


@routes.on(DecreeIssued, DecreeAmended, DecreeRevoked)
def to_sign(event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Iterable[To | Learn]:
    """Every paper is signed, where a signer is set up. A refused move brings no paper."""
    if settings().signs and event.digest:
        yield To(PAPERS, event.decree)


@routes.on(DecreeRevoked)
def no_inauguration(event: DecreeRevoked) -> Iterable[To | Learn]:
    """What was revoked is followed by no inauguration."""
    yield To(INAUGURATIONS, inauguration_of(event.decree))


@routes.on(OfficeAssigned, OfficeEnded)
def holds(event: OfficeAssigned) -> Iterable[To | Learn]:
    """What somebody holds, also when another acts: whom a task can be handed to, whom a substitute stands in for."""
    yield Learn(Holder, event.person, Holder(offices=event.offices))


@routes.on(SubstituteAppointed, SubstituteEnded)
def stands_in(event: SubstituteAppointed) -> Iterable[To | Learn]:
    """All that a person may act for, to be looked up when they do."""
    yield Learn(Deputy, event.substitute, Deputy(mandates=event.mandates))


@routes.on(ObjectionAnswered)
def objection_answered(event: ObjectionAnswered) -> Iterable[To | Learn]:
    """A granted objection is carried out by the register whose decree it was."""
    if event.remedy:
        yield To(DECREES, decrees_of(event.agency))


@routes.on(ObjectionFiled)
def objected(event: ObjectionFiled) -> Iterable[To | Learn]:
    """While it waits for its answer the authority may suspend the decree."""
    yield Learn(Objected, event.decree, Objected(objection=event.objection, pending=True, due=event.due))


@routes.on(ObjectionAnswered)
def answered(event: ObjectionAnswered) -> Iterable[To | Learn]:
    """Nothing waits any more."""
    yield Learn(Objected, event.decree, Objected(objection=event.objection, pending=False))


@routes.on(CourtRecorded)
def in_court(event: CourtRecorded) -> Iterable[To | Learn]:
    """As long as a court has the matter it may be suspended too."""
    yield Learn(Objected, event.decree, Objected(objection=event.objection, pending=event.step == "filed"))
