"""From people, posts and a scenario to the frozen problem: who may take which seat is what the rules say. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product

from services.evaluation.domain.facts import Region, Seen, Vacancy
from services.evaluation.domain.judge import Snapshot as Judged
from services.evaluation.domain.judge import eligible, findings
from services.evaluation.domain.ruleset import Edition
from services.evaluation.domain.score import score
from services.evaluation.plan.facts import PlanPost
from services.evaluation.plan.model import (
    LEVELS,
    Cap,
    Claim,
    Conflict,
    Couple,
    Options,
    Pair,
    Person,
    Problem,
    Seat,
    Unit,
    Weights,
    canonical,
)
from services.evaluation.plan.sound import Fault, Unsound
from shared.contracts.registry import Placement, Profile
from shared.contracts.scenario import (
    PlannedMove,
    Scenario,
)
from shared.kernel.decider import Frozen, Office

GONE = frozenset({"retired", "dead"})
Row = tuple[str, str, int, int]


class Material(Frozen):
    """All that a run is frozen from: the people and posts of an agency on a day, with the scenario."""

    agency: str
    on: date
    scenario: Scenario
    told: tuple[PlannedMove, ...] = ()
    people: Mapping[str, Profile]
    posts: Mapping[str, PlanPost]
    offices: Mapping[str, tuple[Office, ...]] = {}
    regions: Mapping[str, Region] = {}


class Barred(Frozen):
    """A seat that the rules refuse to somebody, by their codes."""

    person: str
    seat: str
    codes: tuple[str, ...]


class Snapshot(Frozen):
    """The frozen input of a run: the problem, the rules by their id, and what they refused."""

    on: date
    ruleset: str
    problem: Problem
    barred: tuple[Barred, ...] = ()


def freeze(material: Material, edition: Edition) -> Snapshot:
    """Judge every pair that the scenario allows. Raises Unsound for a scenario that names what is not there."""
    scenario, units = material.scenario, {need.unit for need in material.scenario.needs}
    posts = {id: post for id, post in sorted(material.posts.items()) if post.unit in units}
    people = {
        id: profile
        for id, profile in sorted(material.people.items())
        if profile.placement.unit in units and profile.status not in GONE
    }
    faults = list(_faults(scenario, people, posts))
    if faults:
        raise Unsound(faults)
    judge = _Judge(material, edition, people, posts)
    rows, barred = judge.rows()
    problem = Problem(
        persons=tuple(_person(id, profile, scenario) for id, profile in people.items()),
        seats=_seats(people, posts, scenario),
        units=tuple(Unit(id=need.unit, **need.model_dump(exclude={"unit"})) for need in scenario.needs),
        options=_options(rows, people, posts, scenario),
        **_sides(scenario, material.told, rows, posts, people),
    )
    return Snapshot(on=material.on, ruleset=edition.id, problem=canonical(problem), barred=tuple(barred))


def _faults(scenario: Scenario, people: Mapping[str, Profile], posts: Mapping[str, PlanPost]) -> Iterator[Fault]:
    named = [*(duty.person for duty in scenario.duties), *(wishes.person for wishes in scenario.wishes)]
    yield from (Fault("PERSON_UNKNOWN", id) for id in named if id not in people)
    sent = Counter(duty.person for duty in scenario.duties)
    yield from (Fault("PERSON_TWICE", id) for id, times in sent.items() if times > 1)
    if set(scenario.levels) - set(LEVELS):
        yield Fault("LEVELS_WRONG", "levels")
    wanted = [post for wishes in scenario.wishes for post in wishes.posts]
    yield from (Fault("SEAT_UNKNOWN", post) for post in (*wanted, *scenario.critical) if post not in posts)
    yield from (
        Fault("SEAT_UNKNOWN", f"{id}/{profile.placement.post}")
        for id, profile in people.items()
        if profile.placement.post not in posts
    )


def _person(id: str, profile: Profile, scenario: Scenario) -> Person:
    duty = next((duty for duty in scenario.duties if duty.person == id), None)
    seat = profile.placement.post
    if duty is not None:
        return Person(id=id, seat=seat, part="duty", reason=duty.reason, must_move=duty.must_move)
    volunteers = any(wishes.person == id for wishes in scenario.wishes)
    return Person(id=id, seat=seat, part="voluntary" if volunteers else "fixed")


def _seats(people: Mapping[str, Profile], posts: Mapping[str, PlanPost], scenario: Scenario) -> tuple[Seat, ...]:
    """A post with more holders than places has as many as it has holders: nobody is put out, nobody comes."""
    held: dict[str, int] = defaultdict(int)
    for profile in people.values():
        held[profile.placement.post] += 1
    critical = set(scenario.critical)
    return tuple(
        Seat(id=id, unit=post.unit, quota=max(post.seats, held[id]), critical=id in critical)
        for id, post in posts.items()
    )


@dataclass(slots=True)
class _Judge:
    """Asks the rules about pairs."""

    material: Material
    edition: Edition
    people: Mapping[str, Profile]
    posts: Mapping[str, PlanPost]

    def rows(self) -> tuple[list[Row], list[Barred]]:
        """(person, seat, fit, rank) of every option, and what was refused."""
        rows: list[Row] = []
        barred: list[Barred] = []
        wishes = {wish.person: wish.posts for wish in self.material.scenario.wishes}
        duties = {duty.person for duty in self.material.scenario.duties}
        split = self.material.scenario.split
        region = {need.unit: need.region for need in self.material.scenario.needs}
        for id, profile in self.people.items():
            wanted, own = wishes.get(id, ()), profile.placement.post
            initiative = "agency" if id in duties else "own"
            tried = self.posts if id in duties else {post: self.posts[post] for post in wanted}
            rows.append((id, own, self._fit(self._seen(profile, own, initiative)), self._rank(profile, own, wanted)))
            for seat in tried:
                if seat == own or (split and region[self.posts[seat].unit] != region[self.posts[own].unit]):
                    continue
                seen = self._seen(profile, seat, initiative)
                found = findings(Judged(edition=self.edition, seen=seen))
                if eligible(found):
                    rows.append((id, seat, self._fit(seen), self._rank(profile, seat, wanted)))
                else:
                    codes = tuple(f.code for f in found if f.hard and f.outcome in ("not_met", "unknown"))
                    barred.append(Barred(person=id, seat=seat, codes=codes))
        return rows, barred

    def _seen(self, profile: Profile, seat: str, initiative: str) -> Seen:
        post, now = self.posts[seat], self.posts[profile.placement.post]
        return Seen(
            on=self.material.on,
            employee=profile,
            vacancy=Vacancy(
                placement=Placement(agency=post.agency, unit=post.unit, post=seat),
                post_title=post.title,
                post_kind=post.kind,
                requirements=post.requirements,
                weights={},
                retirement_age=post.retirement_age,
            ),
            retirement_age=now.retirement_age,
            offices={id: held for id, held in self.material.offices.items() if id in profile.relatives},
            regions=self.material.regions,
            initiative=initiative,
        )

    def _fit(self, seen: Seen) -> int:
        return score(seen, self.edition.scoring).total

    def _rank(self, profile: Profile, seat: str, wanted: tuple[str, ...]) -> int:
        """Place in the list of wishes, then what was not listed; without a list 0 for what interests them."""
        if wanted:
            return wanted.index(seat) if seat in wanted else len(wanted)
        post = self.posts[seat]
        return int(not {seat, post.unit, post.title} & set(profile.interests))


def _options(
    rows: list[Row], people: Mapping[str, Profile], posts: Mapping[str, PlanPost], scenario: Scenario
) -> Options:
    i, j = {id: at for at, id in enumerate(people)}, {id: at for at, id in enumerate(posts)}
    fares = {fare.unit: (fare.money, fare.distance) for fare in scenario.fares}
    full = []
    for person, seat, fit, rank in rows:
        home = posts[people[person].placement.post].unit == posts[seat].unit
        full.append((i[person], j[seat], fit, rank, *((0, 0) if home else fares.get(posts[seat].unit, (0, 0)))))
    columns = list(zip(*full, strict=True)) or [()] * len(Options.model_fields)
    return Options.model_validate(dict(zip(Options.model_fields, columns, strict=True)))


def _sides(
    scenario: Scenario,
    told: tuple[PlannedMove, ...],
    rows: list[Row],
    posts: Mapping[str, PlanPost],
    people: Mapping[str, Profile],
) -> dict[str, object]:
    possible = {(person, seat) for person, seat, _, _ in rows}
    move, distance, money = scenario.weights
    announced = {id: profile.placement.post for id, profile in people.items()} if told else {}
    announced |= {one.person: one.target for one in told if (one.person, one.target) in possible}
    return {
        "locks": tuple(Pair(person=pair.person, seat=pair.post) for pair in scenario.locks),
        "forbidden": tuple(Pair(person=pair.person, seat=pair.post) for pair in scenario.forbidden),
        "conflicts": tuple(_apart(scenario, possible, posts)),
        "couples": tuple(Couple(one=pair.one, other=pair.other) for pair in scenario.couples),
        "caps": tuple(Cap(**cap.model_dump()) for cap in scenario.caps),
        "claims": tuple(Claim(seat=one.post, person=one.person, points=one.points) for one in scenario.points),
        "budget": scenario.budget,
        "levels": scenario.levels or LEVELS,
        "weights": Weights(move=move, distance=distance, money=money),
        "announced": tuple(Pair(person=id, seat=seat) for id, seat in announced.items()),
        "seed": scenario.seed,
    }


def _apart(scenario: Scenario, possible: set[tuple[str, str]], posts: Mapping[str, PlanPost]) -> Iterator[Conflict]:
    """Two who may not serve in one unit exclude each other in every pair of its seats."""
    for pair in scenario.apart:
        one = [seat for person, seat in sorted(possible) if person == pair.one]
        other = [seat for person, seat in sorted(possible) if person == pair.other]
        for here, there in product(one, other):
            if posts[here].unit == posts[there].unit:
                yield Conflict(one=Pair(person=pair.one, seat=here), other=Pair(person=pair.other, seat=there))
