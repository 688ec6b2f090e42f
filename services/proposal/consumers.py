"""Which event goes where: to the case, to the seats of its vacancy, or into a local copy."""

from collections.abc import Iterable

from services.proposal.deciders import CASES, SEATS
from services.proposal.domain import Agency, Closure, Employee, Vacancy, seats_of
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, ApprovalReturned, DecreeWithheld
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned
from shared.contracts.proposal import (
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatRefused,
    SeatReserved,
)
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    VacancyClosed,
    VacancyPublished,
)
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
)
Ending = ProposalWithdrawn | ProposalRefused | ProposalReturned | ProposalExpired | ProposalCompleted


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def employee(event: EmployeeRegistered) -> Iterable[To | Learn]:
    """Where the person sits now."""
    profile = event.profile
    yield Learn(Employee, event.person, Employee(status=profile.status, placement=profile.placement))


@routes.on(EmployeeMoved, EmployeeMoveRefused)
def move(event: EmployeeMoved | EmployeeMoveRefused) -> Iterable[To | Learn]:
    """The effective date of a decree came; a move without a case of ours has none."""
    if event.case:
        yield To(CASES, event.case)


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[To | Learn]:
    """Its time zone."""
    yield Learn(Agency, event.agency, Agency(zone=event.zone))


@routes.on(VacancyPublished)
def published(event: VacancyPublished) -> Iterable[To | Learn]:
    """The seat and its closing date for the cases, the quota for the register."""
    fact = Vacancy(placement=event.placement, mode=event.mode, closes_on=event.closes_on)
    yield Learn(Vacancy, event.vacancy, fact)
    yield To(SEATS, seats_of(event.vacancy))


@routes.on(VacancyClosed)
def closed(event: VacancyClosed) -> Iterable[To | Learn]:
    """No new proposals; a cancelled one ends its open cases, which are told of the fact."""
    yield Learn(Closure, event.vacancy, Closure(cause=event.cause))
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
)
def answered(event: Answer) -> Iterable[To | Learn]:
    """An answer to an attempt of the case."""
    yield To(CASES, event.case)


@routes.on(ProposalSubmitted)
def submitted(event: ProposalSubmitted) -> Iterable[To | Learn]:
    """Asks for a seat."""
    yield To(SEATS, seats_of(event.content.vacancy))


@routes.on(ProposalWithdrawn, ProposalRefused, ProposalReturned, ProposalExpired, ProposalCompleted)
def ended(event: Ending) -> Iterable[To | Learn]:
    """Gives the seat back, or takes it for good."""
    if event.vacancy:
        yield To(SEATS, seats_of(event.vacancy))
