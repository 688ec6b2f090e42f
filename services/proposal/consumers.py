"""Which event goes where: to the case, to the seats of its vacancy, or into a local copy."""

from collections.abc import Iterable

from services.proposal.deciders import ASSIGNMENTS, CASES, GROUPS, SEATS, SPARES
from services.proposal.domain import (
    Agency,
    Closure,
    Disaster,
    Employee,
    Forgotten,
    KnownUnit,
    Vacancy,
    assignment_of,
    declared_id,
    group_of,
    seats_of,
    spare_of,
)
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, ApprovalReturned, DecreeWithheld
from shared.contracts.assignments import AssignmentConverted
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned
from shared.contracts.freed import SeatAccepted
from shared.contracts.groups import GroupAsked, GroupFormed, GroupMemberReleased, GroupOrdered
from shared.contracts.imports import EmployeeWithdrawn, UnitWithdrawn
from shared.contracts.overbooking import PositionOverbooked, VacancyShort
from shared.contracts.papers import PaperFiled, PaperWithdrawn
from shared.contracts.people import EmployeeForgotten
from shared.contracts.plan import PlanCirclesPublished, PlanWavePublished
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalReady,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatRefused,
    SeatReserved,
)
from shared.contracts.ranking import RankingAccepted, RankingDecided
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    UnitRegistered,
    VacancyAmended,
    VacancyClosed,
    VacancyPublished,
)
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.contracts.signals import DisasterDeclared
from shared.contracts.voice import ProposalHeard
from shared.runtime.actors import learn_actors
from shared.runtime.service import Learn, Routes, To

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)

Answer = (
    EvaluationCompleted
    | EvaluationConfirmed
    | EvaluationOverturned
    | ApprovalGranted
    | ApprovalRefused
    | ApprovalReturned
    | DecreeWithheld
    | SeatReserved
    | SeatRefused
    | PositionOverbooked
)
Ending = ProposalWithdrawn | ProposalRefused | ProposalReturned | ProposalExpired | ProposalCompleted


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def employee(event: EmployeeRegistered) -> Iterable[To | Learn]:
    """Where the person sits now."""
    profile = event.profile
    yield Learn(Employee, event.person, Employee(status=profile.status, placement=profile.placement))


@routes.on(EmployeeWithdrawn)
def withdrawn(event: EmployeeWithdrawn) -> Iterable[To | Learn]:
    """A file that named the person was taken back."""
    yield Learn(Employee, event.person, None)


@routes.on(UnitRegistered)
def unit(event: UnitRegistered) -> Iterable[To | Learn]:
    """Whose it is."""
    yield Learn(KnownUnit, event.unit, KnownUnit(agency=event.agency))


@routes.on(UnitWithdrawn)
def unit_withdrawn(event: UnitWithdrawn) -> Iterable[To | Learn]:
    """A file that named it was taken back."""
    yield Learn(KnownUnit, event.unit, None)


@routes.on(DisasterDeclared)
def disaster(event: DisasterDeclared) -> Iterable[To | Learn]:
    """What a letter of assignment may stand on."""
    yield Learn(Disaster, declared_id(event.agency, event.decree), Disaster(since=event.since, until=event.until))


@routes.on(EmployeeForgotten)
def forgotten(event: EmployeeForgotten) -> Iterable[To | Learn]:
    """Their files are erased."""
    yield Learn(Forgotten, event.person, Forgotten())


@routes.on(EmployeeMoved, EmployeeMoveRefused)
def move(event: EmployeeMoved | EmployeeMoveRefused) -> Iterable[To | Learn]:
    """The effective date of a decree came; a move without a case of ours has none."""
    if event.case:
        yield To(CASES, event.case)


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[To | Learn]:
    """Its time zone, kind and province."""
    yield Learn(Agency, event.agency, Agency.model_validate(event.model_dump()))


@routes.on(VacancyPublished, VacancyAmended)
def published(event: VacancyPublished | VacancyAmended) -> Iterable[To | Learn]:
    """The seat, who may come to it and until when for the cases, the quota for the register."""
    fact = Vacancy.model_validate(event.model_dump(include=set(Vacancy.model_fields)))
    yield Learn(Vacancy, event.vacancy, fact)
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(VacancyClosed)
def closed(event: VacancyClosed) -> Iterable[To | Learn]:
    """No new proposals; a cancelled one ends its open cases, which are told of the fact."""
    yield Learn(Closure, event.vacancy, Closure(cause=event.cause))
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(VacancyShort)
def missing(event: VacancyShort) -> Iterable[To | Learn]:
    """Others sit on seats of the vacancy."""
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(
    EvaluationCompleted,
    EvaluationConfirmed,
    EvaluationOverturned,
    ApprovalGranted,
    ApprovalRefused,
    ApprovalReturned,
    DecreeWithheld,
    SeatReserved,
    SeatRefused,
    PositionOverbooked,
)
def answered(event: Answer) -> Iterable[To | Learn]:
    """An answer to an attempt of the case."""
    yield To(CASES, event.case)


@routes.on(RankingDecided)
def chosen(event: RankingDecided) -> Iterable[To | Learn]:
    """The panel of a ranked vacancy says who gets its seats."""
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(RankingAccepted)
def taken(event: RankingAccepted) -> Iterable[To | Learn]:
    """A freed seat is taken by who stands next: the case goes on, the seat is theirs."""
    yield To(CASES, event.case)
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(SeatAccepted)
def freed(event: SeatAccepted) -> Iterable[To | Learn]:
    """The same of a first-come vacancy, whose register said it and has reserved the seat."""
    yield To(CASES, event.case)


@routes.on(PlanWavePublished)
def planned(event: PlanWavePublished) -> Iterable[To | Learn]:
    """A wave of a plan: each of its moves is a case of the agency's."""
    for line in event.lines:
        yield To(CASES, line.case)


@routes.on(PlanCirclesPublished)
def circled(event: PlanCirclesPublished) -> Iterable[To | Learn]:
    """Each circle of a plan is an exchange, for all of its members or none."""
    for circle in event.circles:
        yield To(GROUPS, circle.group)


@routes.on(ProposalSubmitted)
def submitted(event: ProposalSubmitted) -> Iterable[To | Learn]:
    """Asks for a seat, unless a partner's is given in exchange."""
    if event.content.vacancy:
        yield To(SEATS, seats_of(event.content.vacancy))


@routes.on(ProposalWithdrawn, ProposalRefused, ProposalReturned, ProposalExpired, ProposalCompleted)
def ended(event: Ending) -> Iterable[To | Learn]:
    """Gives the seat back, or takes it for good."""
    if event.vacancy:
        yield To(SEATS, seats_of(event.vacancy))


@routes.on(ProposalSubmitted, ProposalApproved)
def of_group(event: ProposalSubmitted | ProposalApproved) -> Iterable[To | Learn]:
    """A group hears how far the cases of its members are."""
    if event.content.group:
        yield To(GROUPS, event.content.group)


@routes.on(ProposalReady, ProposalHeard)
def ready(event: ProposalReady | ProposalHeard) -> Iterable[To | Learn]:
    """All answers are in, or the member on duty was heard; the group may ask, or form."""
    yield To(GROUPS, event.group)


@routes.on(GroupOrdered)
def ordered(event: GroupOrdered) -> Iterable[To | Learn]:
    """A member on duty has a case at once, to be told and heard."""
    yield To(CASES, event.case)


@routes.on(ProposalReturned, ProposalWithdrawn, ProposalRefused, ProposalExpired, ProposalCompleted)
def left_group(event: Ending) -> Iterable[To | Learn]:
    """One stops for a while, or for good, or has moved."""
    if group := group_of(event.case):
        yield To(GROUPS, group)


@routes.on(GroupFormed)
def formed(event: GroupFormed) -> Iterable[To | Learn]:
    """Each member gets a case."""
    for file in event.files:
        yield To(CASES, file.case)


@routes.on(GroupAsked)
def asked(event: GroupAsked) -> Iterable[To | Learn]:
    """Each case is asked to bind itself."""
    for one in event.cases:
        yield To(CASES, one.case)


@routes.on(GroupMemberReleased)
def released(event: GroupMemberReleased) -> Iterable[To | Learn]:
    """It is over for this member too."""
    if event.case:
        yield To(CASES, event.case)


@routes.on(AssignmentConverted)
def converted(event: AssignmentConverted) -> Iterable[To | Learn]:
    """Who is to stay where an emergency sent them has an ordinary case from now on."""
    yield To(CASES, event.case)


@routes.on(ProposalWithdrawn, ProposalRefused, ProposalExpired)
def came_to_nothing(event: ProposalWithdrawn | ProposalRefused | ProposalExpired) -> Iterable[To | Learn]:
    """Such a case ended without a move."""
    if assignment := assignment_of(event.case):
        yield To(ASSIGNMENTS, assignment)


@routes.on(RosterApproved, RosterRefused)
def confirmed(event: RosterApproved | RosterRefused) -> Iterable[To | Learn]:
    """Heads and authority said what they think of a letter, after the fact; of other lists nothing is known here."""
    yield To(ASSIGNMENTS, event.roster)


@routes.on(ProposalRefused)
def short(event: ProposalRefused) -> Iterable[To | Learn]:
    """Their unit could spare nobody: they wait for somebody to come there."""
    if event.unit:
        yield To(SPARES, spare_of(event.unit))


@routes.on(EmployeeMoved)
def came(event: EmployeeMoved) -> Iterable[To | Learn]:
    """Somebody came to a unit, which may spare another one now."""
    if event.profile.placement.unit != event.left.unit:
        yield To(SPARES, spare_of(event.profile.placement.unit))


@routes.on(PaperFiled, PaperWithdrawn)
def on_paper(event: PaperFiled | PaperWithdrawn) -> Iterable[To | Learn]:
    """A file under way on paper becomes a case; or the file that brought it was taken back."""
    yield To(CASES, event.case)
