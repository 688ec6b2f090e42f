"""Which event goes where: to the evaluation of its case, or into a local copy."""

from collections.abc import Iterable

from services.evaluation.deciders import EVALUATIONS, RANKINGS
from services.evaluation.domain.facts import (
    Deputy,
    Employee,
    Known,
    Officeholder,
    Post,
    PostAge,
    Promise,
    Region,
    Vacancy,
    known_id,
)
from services.evaluation.domain.ranking.state import ranking_id
from services.evaluation.domain.review.followups import FOLLOW_UPS, follow_up_id
from services.evaluation.domain.review.reviews import REVIEWS
from services.evaluation.domain.review.state import review_id
from services.evaluation.domain.ruleset import Rulebook
from services.evaluation.domain.training.trainings import TRAININGS, training_id
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import EvaluationCompleted, RulesetRecorded
from shared.contracts.imports import EmployeeWithdrawn
from shared.contracts.people import EmployeeForgotten
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatReleased,
)
from shared.contracts.ranking import RankingPublished
from shared.contracts.registry import (
    AccountLinked,
    AgencyRegistered,
    EmployeeMoved,
    EmployeeRegistered,
    EmployeeUpdated,
    OfficeAssigned,
    OfficeEnded,
    Placement,
    PostRegistered,
    VacancyAmended,
    VacancyClosed,
    VacancyPublished,
)
from shared.contracts.reorganisations import ReorganisationApproved
from shared.contracts.reviews import ReviewCompleted
from shared.contracts.tasks import SubstituteAppointed, SubstituteEnded
from shared.runtime.actors import learn_actors
from shared.runtime.service import Envelope, Learn, Routes, To

routes = Routes()
learn_actors(routes, AccountLinked, OfficeAssigned, OfficeEnded)

Ending = ProposalApproved | ProposalCompleted | ProposalExpired | ProposalRefused | ProposalReturned | ProposalWithdrawn


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def employee(event: EmployeeRegistered) -> Iterable[To | Learn]:
    """The profile that rules and score look at; open evaluations of the person are told."""
    yield Learn(Employee, event.person, Employee(profile=event.profile))


@routes.on(EmployeeRegistered, EmployeeUpdated, EmployeeMoved)
def career(event: EmployeeRegistered, envelope: Envelope) -> Iterable[To | Learn]:
    """Each profile as it was told, for the line of time of the person."""
    about = {"person": event.person, "at": envelope.time, "sequence": envelope.sequence, "profile": event.profile}
    decree = event.decree if isinstance(event, EmployeeMoved) else ""
    yield Learn(Known, known_id(event.person, envelope.sequence), Known.model_validate({**about, "decree": decree}))


@routes.on(EmployeeForgotten, EmployeeWithdrawn)
def forgotten(event: EmployeeForgotten | EmployeeWithdrawn, envelope: Envelope) -> Iterable[To | Learn]:
    """The line of time goes: all that was told of the person up to now, and nothing of it comes back by a repeat."""
    for sequence in range(1, envelope.sequence + 1):
        yield Learn(Known, known_id(event.person, sequence), None)


@routes.on(EmployeeWithdrawn)
def withdrawn(event: EmployeeWithdrawn) -> Iterable[To | Learn]:
    """A file that named the person was taken back."""
    yield Learn(Employee, event.person, None)


@routes.on(AgencyRegistered)
def region(event: AgencyRegistered) -> Iterable[To | Learn]:
    """What kind of agency it is and where: makes the kind of a move."""
    yield Learn(Region, event.agency, Region(kind=event.kind, province=event.province))


@routes.on(PostRegistered)
def post(event: PostRegistered) -> Iterable[To | Learn]:
    """At which age the holder of the post retires, and what it demands of whoever comes."""
    yield Learn(PostAge, event.post, PostAge(retirement_age=event.retirement_age))
    placement = Placement(agency=event.agency, unit=event.unit, post=event.post)
    demands = event.model_dump(include={"requirements", "retirement_age"})
    about = {"placement": placement, "post_title": event.title, "post_kind": event.kind, "weights": {}}
    yield Learn(Post, event.post, Post(sought=Vacancy.model_validate({**demands, **about})))


@routes.on(OfficeAssigned, OfficeEnded)
def office(event: OfficeAssigned) -> Iterable[To | Learn]:
    """All offices of the person, for the conflict of interest of their relatives."""
    yield Learn(Officeholder, event.person, Officeholder(offices=event.offices))


@routes.on(SubstituteAppointed, SubstituteEnded)
def stands_in(event: SubstituteAppointed) -> Iterable[To | Learn]:
    """For whom a person may act, who then sees what those see."""
    yield Learn(Deputy, event.substitute, Deputy(mandates=event.mandates))


@routes.on(VacancyPublished)
def vacancy(event: VacancyPublished) -> Iterable[To | Learn]:
    """What the vacancy demands and how it weighs."""
    yield Learn(Vacancy, event.vacancy, Vacancy.model_validate(event.model_dump()))


@routes.on(VacancyPublished, VacancyAmended)
def gathers(event: VacancyPublished | VacancyAmended) -> Iterable[To | Learn]:
    """A vacancy that is given by ranking gathers applications."""
    if event.mode == "ranked":
        yield To(RANKINGS, ranking_id(event.vacancy))


@routes.on(VacancyClosed)
def closed(event: VacancyClosed) -> Iterable[To | Learn]:
    """Nobody else can apply: the order is made, where there is one to make."""
    yield To(RANKINGS, ranking_id(event.vacancy))


@routes.on(EvaluationCompleted)
def takes_part(event: EvaluationCompleted) -> Iterable[To | Learn]:
    """Our own: who is eligible takes part in the ranking."""
    if event.ranked:
        yield To(RANKINGS, ranking_id(event.vacancy))


@routes.on(SeatReleased)
def gave_up(event: SeatReleased) -> Iterable[To | Learn]:
    """A claim to a seat of a ranked vacancy, or the seat itself, was given up."""
    if event.ranked:
        yield To(RANKINGS, ranking_id(event.vacancy))


@routes.on(RankingPublished)
def ranked(event: RankingPublished) -> Iterable[To | Learn]:
    """Our own: each of them is told where they stand."""
    for line in event.lines:
        yield To(EVALUATIONS, line.case)


@routes.on(RulesetRecorded)
def rulebook(event: RulesetRecorded) -> Iterable[To | Learn]:
    """Our own: from now on cases name this rule set instead of spelling it out."""
    yield Learn(Rulebook, event.ruleset, Rulebook(content=event.content))


@routes.on(ProposalSubmitted)
def submitted(event: ProposalSubmitted) -> Iterable[To | Learn]:
    """An attempt to evaluate."""
    yield To(EVALUATIONS, event.case)


@routes.on(ApprovalGranted)
def granted(event: ApprovalGranted) -> Iterable[To | Learn]:
    """The chain is through: re-check."""
    yield To(EVALUATIONS, event.case)


@routes.on(
    ProposalApproved,
    ProposalCompleted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalWithdrawn,
)
def ended(event: Ending) -> Iterable[To | Learn]:
    """The attempt is over: nothing is watched any more."""
    yield To(EVALUATIONS, event.case)


@routes.on(ProposalApproved)
def promised(event: ProposalApproved) -> Iterable[To | Learn]:
    """What the move is expected to bring, for those who look back at it."""
    yield Learn(Promise, event.case, Promise(expected_result=event.content.expected_result))


@routes.on(ReorganisationApproved)
def promised_to_all(event: ReorganisationApproved) -> Iterable[To | Learn]:
    """The same for everybody on the list of a reorganisation."""
    for move in event.moves:
        yield Learn(Promise, move.case, Promise(expected_result=event.expected_result))


@routes.on(EmployeeMoved)
def moved(event: EmployeeMoved) -> Iterable[To | Learn]:
    """From now on the move is looked back at, and the training for the new post is due."""
    yield To(REVIEWS, review_id(event.case))
    yield To(TRAININGS, training_id(event.case))


@routes.on(ReviewCompleted)
def reviewed(event: ReviewCompleted) -> Iterable[To | Learn]:
    """Our own: what was not reached is followed up."""
    yield To(FOLLOW_UPS, follow_up_id(event.case, event.months))
