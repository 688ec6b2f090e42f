"""Rina Lestari's story (domain story 1), and how to change one thing about it. All persons are invented."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import TypeVar

from services.evaluation import rules
from services.evaluation.domain.case import Evaluation, make_decider
from services.evaluation.domain.facts import Employee, Officeholder, PostAge, Region, Seen, Vacancy
from services.evaluation.domain.ruleset import Rulebook, edition
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.proposal import Content, ProposalSubmitted
from shared.contracts.registry import Experience, Placement, PostRequirements, Profile
from shared.kernel.decider import Event, Fact, Facts, Frozen, Message, Office

RULES = rules.load()
BOOKS = {
    found.book: found.content
    for found in (edition(RULES, date(2025, 6, 30), "palu"), edition(RULES, date(2026, 11, 23), "palu"))
}
DECIDER = make_decider(RULES)
F = TypeVar("F", bound=Frozen)
NOON = datetime(2026, 11, 23, 5, 0, tzinfo=UTC)
SETDA = Placement(agency="palu", unit="setda", post="setda-analyst")
DUKCAPIL = Placement(agency="palu", unit="dukcapil", post="dukcapil-analyst")

RINA = Profile(
    employment="PNS",
    placement=SETDA,
    post_title="Analis Kebijakan Ahli Muda",
    post_kind="functional",
    post_since=date(2023, 5, 2),
    rank="III/c",
    education_level="40",
    education_field="public_administration",
    performance={"2024": "good", "2025": "good"},
    competences={"public_service": 3, "communication": 3, "population_records": 2},
    experience=(Experience(field="policy", years=8), Experience(field="service", years=4)),
    interests=("dukcapil",),
    retires_on=date(2050, 4, 1),
    under_process=False,
    study_assignment=False,
    service_bond=False,
)
SEAT = Vacancy(
    placement=DUKCAPIL,
    post_title="Analis Kebijakan Ahli Muda",
    post_kind="functional",
    requirements=PostRequirements(
        rank_min="III/c",
        rank_max="III/d",
        education_min="40",
        education_fields=("public_administration", "law"),
        competences={"public_service": 3, "communication": 3, "population_records": 3},
        experience_years=5,
    ),
    weights={},
    retirement_age=60,
)


def changed(model: F, **values: object) -> F:
    """The same model with these fields, validated anew."""
    return type(model).model_validate({**model.model_dump(), **values})


def demanding(**values: object) -> Vacancy:
    """Rina's seat with other demands."""
    return SEAT.model_copy(update={"requirements": changed(SEAT.requirements, **values)})


def seen(on: date = date(2026, 11, 23), vacancy: Vacancy = SEAT, **profile: object) -> Seen:
    """What is seen of Rina with these fields of her profile changed; her post's holders retire at 60."""
    return Seen(on=on, employee=changed(RINA, **profile), vacancy=vacancy, retirement_age=60)


def facts(profile: Profile | None = RINA, **offices: tuple[Office, ...]) -> Facts:
    """The local copies: the profile (None: not told yet), the seat, the post's age, offices by person."""
    loaded: dict[tuple[str, str], Fact | None] = {
        ("employee", "p-rina"): Employee(profile=profile) if profile else None,
        ("vacancy", "v-1"): SEAT,
        ("post_age", "setda-analyst"): PostAge(retirement_age=60),
        ("region", "palu"): Region(kind="kota", province="Sulawesi Tengah"),
        ("post_age", "dukcapil-analyst"): PostAge(retirement_age=60),
    }
    relatives = profile.relatives if profile else ()
    held: Mapping[str, tuple[Office, ...]] = offices
    loaded |= {
        ("officeholder", other): Officeholder(offices=held[other]) if other in held else None for other in relatives
    }
    loaded |= {(Rulebook.KIND, book): Rulebook(content=content) for book, content in BOOKS.items()}
    return Facts(loaded)


def submission(attempt: int = 1, submitted_on: date | None = date(2026, 11, 23)) -> ProposalSubmitted:
    """Rina applies."""
    content = Content(
        initiative="own",
        person="p-rina",
        vacancy="v-1",
        origin=SETDA,
        target=DUKCAPIL,
        purpose="p",
        expected_result="e",
        reason="r",
        consent=True,
    )
    return ProposalSubmitted(
        case="c-1", attempt=attempt, content=content, by="p-rina", receipt="R-1", submitted_on=submitted_on
    )


def decide(state: Evaluation, body: Frozen, known: Facts, now: datetime = NOON) -> tuple[list[Event], Evaluation]:
    """What the decider says, and the state after it."""
    events = DECIDER.decide(state, Message(body, "m", now), known)
    for event in events:
        state = DECIDER.evolve(state, event)
    return events, state


def evaluated(known: Facts | None = None) -> tuple[EvaluationCompleted, Evaluation]:
    """Rina's evaluation and the state after it."""
    events, state = decide(DECIDER.initial("c-1"), submission(), known or facts())
    (event,) = (event for event in events if isinstance(event, EvaluationCompleted))
    return event, state
