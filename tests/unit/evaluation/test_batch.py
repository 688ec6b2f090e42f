"""A batch says of every pair what the engine says of it alone: whether eligible, and the score to the hundredth."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.evaluation.domain.batch.crowd import Crowd
from services.evaluation.domain.batch.fits import fits
from services.evaluation.domain.batch.tables import LOOKS
from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.facts import Region, Vacancy
from services.evaluation.domain.judge import Snapshot, eligible, findings
from services.evaluation.domain.ruleset import edition
from services.evaluation.domain.score import FACTORS, score
from shared.contracts.registry import Experience, Placement, PostRequirements, Profile
from shared.kernel.decider import Office
from shared.kernel.performance import Predicate
from shared.kernel.post import PostKind
from shared.kernel.rank import Grade
from tests.unit.evaluation.cases import RINA, RULES, SEAT

ON = date(2026, 11, 23)
KINDS = [kind.value for kind in PostKind]
WORDS = st.sampled_from(["law", "nursing", "gis", "policy", "service", ""])
LEVELS = st.dictionaries(st.sampled_from(["gis", "communication", "integrity", "law"]), st.integers(0, 6), max_size=4)
DAYS = st.sampled_from([date(2026, 5, 23), date(2026, 5, 24), date(2024, 11, 23), date(2015, 1, 1), date(2021, 11, 22)])
PLACES = st.builds(
    Placement,
    agency=st.sampled_from(["palu", "sigi", "jatim"]),
    unit=st.sampled_from(["setda", "dukcapil"]),
    post=st.sampled_from(["a", "b", "c"]),
)
UNKNOWN = st.sampled_from([True, False, None])
PEOPLE = st.builds(
    Profile,
    employment=st.sampled_from(["PNS", "PPPK", "CPNS"]),
    status=st.sampled_from(["active", "active", "suspended"]),
    placement=PLACES,
    post_title=st.sampled_from(["", "Analis"]),
    post_kind=st.sampled_from(["", *KINDS]),
    post_since=DAYS,
    rank=st.sampled_from(["III/a", "III/d", "IV/b", "?"]),
    education_level=st.sampled_from(["30", "40", "?"]),
    education_field=WORDS,
    performance=st.dictionaries(
        st.sampled_from(["2023", "2024", "2025"]), st.sampled_from([*(p.value for p in Predicate), "?"])
    ),
    competences=LEVELS,
    experience=st.lists(st.builds(Experience, field=WORDS, years=st.integers(0, 12)), max_size=3).map(tuple),
    interests=st.lists(st.sampled_from(["dukcapil", "GIS", "Analis", ""]), max_size=2).map(tuple),
    preferences=st.lists(st.sampled_from(["DUKCAPIL", "Analis", ""]), max_size=2).map(tuple),
    retires_on=st.sampled_from([date(2026, 12, 1), date(2027, 12, 1), date(2045, 4, 1)]),
    under_process=UNKNOWN,
    study_assignment=UNKNOWN,
    service_bond=UNKNOWN,
    relatives=st.lists(st.sampled_from(["p-boss", "p-other"]), max_size=2).map(tuple),
    talent_box=st.sampled_from([None, 3, 8]),
    potential=st.sampled_from([None, "low", "high"]),
    committed_until=st.sampled_from([None, date(2026, 11, 22), date(2030, 1, 1)]),
)
REQUIREMENTS = st.builds(
    PostRequirements,
    rank_min=st.sampled_from(["", "III/a", "III/d", "?"]),
    rank_max=st.sampled_from(["", "III/d", "IV/c"]),
    education_min=st.sampled_from(["", "30", "40", "?"]),
    education_fields=st.lists(WORDS, max_size=2).map(tuple),
    competences=LEVELS,
    experience_years=st.integers(0, 6),
    experience_fields=st.lists(WORDS, max_size=2, unique=True).map(tuple),
)
VACANCIES = st.builds(
    Vacancy,
    placement=PLACES.map(lambda place: place.model_copy(update={"agency": "palu"})),
    post_title=st.sampled_from(["Analis", "Pranata"]),
    post_kind=st.sampled_from(KINDS),
    requirements=REQUIREMENTS,
    weights=st.dictionaries(st.sampled_from([*FACTORS, "charm"]), st.integers(-1, 50), max_size=4),
    retirement_age=st.sampled_from([58, 60, 65]),
    aim=st.sampled_from(["need", "development"]),
)
REGIONS = st.sampled_from(
    [
        {},
        {"palu": Region(kind="city", province="ST"), "sigi": Region(kind="regency", province="ST")},
        {"palu": Region(kind="city", province="ST"), "jatim": Region(kind="province", province="JT")},
    ]
)
HELD = Office(office="unit_head", agency="palu", unit="dukcapil", since=date(2020, 1, 1))
CROWDS = st.builds(
    Crowd,
    on=st.just(ON),
    people=st.lists(PEOPLE, min_size=1, max_size=4),
    vacancies=st.lists(VACANCIES, min_size=1, max_size=4),
    ages=st.dictionaries(st.sampled_from(["a", "b"]), st.sampled_from([58, 60])),
    offices=st.sampled_from([{}, {"p-boss": (HELD,)}]),
    regions=REGIONS,
    initiative=st.sampled_from(["own", "agency", ""]),
)


def one_by_one(crowd: Crowd, agency: str) -> list[tuple[int, int, bool, int]]:
    """Every pair by the engine alone."""
    rules = edition(RULES, crowd.on, agency)
    found = []
    for i in range(len(crowd.people)):
        for j in range(len(crowd.vacancies)):
            seen = crowd.seen(i, j)
            judged = eligible(findings(Snapshot.model_construct(edition=rules, seen=seen, waivers=())))
            found.append((i, j, judged, score(seen, rules.scoring).total))
    return found


def in_a_batch(crowd: Crowd, agency: str) -> list[tuple[int, int, bool, int]]:
    """The same by a batch."""
    return [
        (block.first + i, j, bool(block.eligible[i, j]), int(block.scores[i, j]))
        for block in fits(crowd, edition(RULES, crowd.on, agency))
        for i in range(len(block.scores))
        for j in range(len(crowd.vacancies))
    ]


@settings(max_examples=150, deadline=None)
@given(CROWDS, st.sampled_from(["palu", "jatim"]))
def test_a_batch_says_what_the_engine_says_one_by_one(crowd: Crowd, agency: str) -> None:
    """`jatim` is the edition with the local rules, which must also be the same for seats elsewhere."""
    assert in_a_batch(crowd, agency) == one_by_one(crowd, agency)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(LEVELS, st.integers(0, 12)), min_size=1, max_size=6), st.lists(REQUIREMENTS, min_size=1))
def test_also_near_the_bounds_of_those_who_are_eligible(
    changes: list[tuple[dict[str, int], int]], demands: list[PostRequirements]
) -> None:
    """Rina and her seat, of which only what is compared as numbers changes: most pairs hang on it alone."""
    people = [
        RINA.model_copy(update={"competences": levels, "experience": (Experience(field="policy", years=years),)})
        for levels, years in changes
    ]
    numbers = ("competences", "experience_years", "experience_fields")
    seats = [
        SEAT.model_copy(
            update={"requirements": SEAT.requirements.model_copy(update=demand.model_dump(include=set(numbers)))}
        )
        for demand in demands
    ]
    regions = {"palu": Region(kind="city", province="ST")}
    crowd = Crowd(on=ON, people=people, vacancies=seats, regions=regions, initiative="own")
    assert in_a_batch(crowd, "palu") == one_by_one(crowd, "palu")


def test_more_people_than_a_block_holds_and_nobody() -> None:
    crowd = Crowd(on=ON, people=[RINA] * 1001, vacancies=[SEAT], regions={"palu": Region(kind="city", province="ST")})
    found = in_a_batch(crowd, "palu")
    assert [row[0] for row in found] == list(range(1001))
    assert {row[2:] for row in found} == {(True, 9156)}
    assert in_a_batch(Crowd(on=ON, people=[], vacancies=[SEAT]), "palu") == []
    (empty,) = fits(Crowd(on=ON, people=[RINA], vacancies=[]), edition(RULES, ON, "palu"))
    assert empty.eligible.shape == (1, 0)


def test_what_is_listed_is_a_check() -> None:
    assert set(LOOKS) <= set(CHECKS)


@pytest.mark.parametrize("grade", [Grade.III_A, Grade.IV_E])
def test_an_unlisted_check_is_asked_about_every_pair(grade: Grade, monkeypatch: pytest.MonkeyPatch) -> None:
    """A check that nobody listed is slow and never wrong."""
    monkeypatch.setattr("services.evaluation.domain.batch.tables.LOOKS", {})
    people = [RINA, RINA.model_copy(update={"rank": grade.value})]
    crowd = Crowd(on=ON, people=people, vacancies=[SEAT, SEAT], regions={"palu": Region(kind="city", province="ST")})
    assert in_a_batch(crowd, "palu") == one_by_one(crowd, "palu")
