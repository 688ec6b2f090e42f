"""Which event goes where: decrees to people, people to posts and vacancies, facts to all."""

from collections.abc import Iterable

from services.registry.domain import MENDINGS, PAPERS, PEOPLE, POSTS, REORGANISATIONS, TOGETHER, VACANCIES
from services.registry.domain.facts import AgencyFact, AnalysisFact, OccupancyFact, PostFact, UnitFact
from services.registry.domain.mending import mending_id
from services.registry.domain.needs import need_id
from services.registry.domain.papers import paper_of
from services.registry.domain.reorganisations import reorganisation_of
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked, DecreeWithheld, TaskDecided
from shared.contracts.corrections import CorrectionGranted
from shared.contracts.group_decree import DecreeGroupIssued
from shared.contracts.imports import EmployeeWithdrawn, PostWithdrawn, UnitWithdrawn
from shared.contracts.moves import EmployeeMoveReady, GroupMoveAsked, GroupMoveOrdered, GroupMoveRefused
from shared.contracts.need import NeedAssessed
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeMoveRefused,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    PostOccupancyChanged,
    PostRegistered,
    UnitRegistered,
    VacancyAmended,
    VacancyClosed,
    VacancyPublished,
)
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.runtime.actors import learn_actors
from shared.runtime.service import Learn, Routes, To

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)


@routes.on(AgencyRegistered)
def agency(event: AgencyRegistered) -> Iterable[To | Learn]:
    """Its time zone."""
    yield Learn(AgencyFact, event.agency, AgencyFact(**event.model_dump()))


@routes.on(UnitRegistered)
def unit(event: UnitRegistered) -> Iterable[To | Learn]:
    """Its agency."""
    yield Learn(UnitFact, event.unit, UnitFact(**event.model_dump()))


@routes.on(PostRegistered)
def post(event: PostRegistered) -> Iterable[To | Learn]:
    """What it demands, and its seats."""
    yield Learn(PostFact, event.post, PostFact(**event.model_dump()))


@routes.on(PostOccupancyChanged)
def occupancy(event: PostOccupancyChanged) -> Iterable[To | Learn]:
    """How many hold the post."""
    yield Learn(OccupancyFact, event.post, OccupancyFact(post=event.post, holders=event.holders))


@routes.on(EmployeeRegistered, EmployeeUpdated)
def employee(event: EmployeeRegistered) -> Iterable[To | Learn]:
    """Their post counts them."""
    yield To(POSTS, event.profile.placement.post)


@routes.on(VacancyPublished, VacancyAmended)
def offered(event: VacancyPublished | VacancyAmended) -> Iterable[To | Learn]:
    """Its post knows what is promised."""
    yield To(POSTS, event.placement.post)


@routes.on(VacancyClosed)
def closed(event: VacancyClosed) -> Iterable[To | Learn]:
    """A cancelled one promises nothing more; after its closing date a vacancy still owes what it offered."""
    if event.cause == "cancelled" and event.post:
        yield To(POSTS, event.post)


@routes.on(NeedAssessed)
def analysed(event: NeedAssessed) -> Iterable[To | Learn]:
    """What the work of a post asks for, for whoever hears of demand there."""
    if event.basis == "workload":
        value = AnalysisFact.model_validate(event.model_dump(include=set(AnalysisFact.model_fields)))
        yield Learn(AnalysisFact, need_id(event.post, event.year), value)


@routes.on(UnitWithdrawn)
def unit_withdrawn(event: UnitWithdrawn) -> Iterable[To | Learn]:
    """A file was taken back: nobody knows the unit."""
    yield Learn(UnitFact, event.unit, None)


@routes.on(PostWithdrawn)
def post_withdrawn(event: PostWithdrawn) -> Iterable[To | Learn]:
    """Nor the post."""
    yield Learn(PostFact, event.post, None)


@routes.on(EmployeeWithdrawn)
def employee_withdrawn(event: EmployeeWithdrawn) -> Iterable[To | Learn]:
    """The post counts them no longer."""
    yield To(POSTS, event.post)


@routes.on(EmployeeMoved)
def moved(event: EmployeeMoved) -> Iterable[To | Learn]:
    """Both posts count anew, and the vacancy has one seat less to give."""
    yield To(POSTS, event.left.post)
    if event.profile.placement.post != event.left.post:
        yield To(POSTS, event.profile.placement.post)
    if event.vacancy:
        yield To(VACANCIES, event.vacancy)


@routes.on(CorrectionGranted)
def corrected(event: CorrectionGranted) -> Iterable[To | Learn]:
    """What the agency has to mend may be less now."""
    yield To(MENDINGS, mending_id(event.agency))


@routes.on(DecreeIssued, DecreeAmended, DecreeRevoked)
def decree(event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Iterable[To | Learn]:
    """The person waits for the effective date, for another one, or no longer; or goes back."""
    if event.person:
        yield To(PEOPLE, event.person)


@routes.on(DecreeGroupIssued)
def group_decree(event: DecreeGroupIssued) -> Iterable[To | Learn]:
    """The members move together, or those of a list each on their own."""
    if not event.each:
        yield To(TOGETHER, event.group)


@routes.on(DecreeAmended, DecreeRevoked)
def group_changed(event: DecreeAmended | DecreeRevoked) -> Iterable[To | Learn]:
    """On another day, or not at all."""
    if event.group:
        yield To(TOGETHER, event.group)


@routes.on(GroupMoveAsked, GroupMoveOrdered, GroupMoveRefused)
def together(event: GroupMoveAsked | GroupMoveOrdered | GroupMoveRefused) -> Iterable[To | Learn]:
    """Each member is asked, or told what holds for all."""
    for member in event.members:
        yield To(PEOPLE, member.person)


@routes.on(EmployeeMoveReady)
def ready(event: EmployeeMoveReady) -> Iterable[To | Learn]:
    """One can move."""
    yield To(TOGETHER, event.group)


@routes.on(EmployeeMoveRefused)
def cannot(event: EmployeeMoveRefused) -> Iterable[To | Learn]:
    """One cannot move: so nobody of the group does."""
    if event.group:
        yield To(TOGETHER, event.group)


@routes.on(RosterApproved, RosterRefused)
def decided(event: RosterApproved | RosterRefused) -> Iterable[To | Learn]:
    """The list of a reorganisation was approved, or not; of other lists nothing is known here."""
    yield To(REORGANISATIONS, event.roster)


@routes.on(EmployeeMoved, EmployeeMoveRefused)
def resettled(event: EmployeeMoved | EmployeeMoveRefused) -> Iterable[To | Learn]:
    """One of such a list has moved, or cannot."""
    if reorganisation := reorganisation_of(event.case):
        yield To(REORGANISATIONS, reorganisation)


@routes.on(DecreeWithheld)
def withheld(event: DecreeWithheld) -> Iterable[To | Learn]:
    """The same, where the decree of the list could not be issued; a case of its own is no list, and says nothing."""
    yield To(REORGANISATIONS, reorganisation_of(event.case) or event.case)


@routes.on(TaskDecided)
def task_decided(event: TaskDecided) -> Iterable[To | Learn]:
    """A case that came from a paper file was decided about: the file stays."""
    if paper := paper_of(event.case):
        yield To(PAPERS, paper)
