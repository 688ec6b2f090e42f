"""Which event goes where: decrees to people, people to posts and vacancies, facts to all."""

from collections.abc import Iterable

from services.registry.domain import PEOPLE, POSTS, VACANCIES
from services.registry.domain.facts import AgencyFact, OccupancyFact, PostFact, UnitFact
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    PostOccupancyChanged,
    PostRegistered,
    UnitRegistered,
)
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


@routes.on(EmployeeMoved)
def moved(event: EmployeeMoved) -> Iterable[To | Learn]:
    """Both posts count anew, and the vacancy has one seat less to give."""
    yield To(POSTS, event.left.post)
    if event.profile.placement.post != event.left.post:
        yield To(POSTS, event.profile.placement.post)
    if event.vacancy:
        yield To(VACANCIES, event.vacancy)


@routes.on(DecreeIssued, DecreeAmended, DecreeRevoked)
def decree(event: DecreeIssued | DecreeAmended | DecreeRevoked) -> Iterable[To | Learn]:
    """The person waits for the effective date, for another one, or no longer; or goes back."""
    if event.person:
        yield To(PEOPLE, event.person)
