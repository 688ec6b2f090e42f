"""The demo region: the same seed gives the same files, every number is valid, everybody fits their post."""

import csv
from collections import Counter
from datetime import date
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.__main__ import main
from deploy.demo.files import KINDS, write
from deploy.demo.model import government
from deploy.demo.units import share
from deploy.demo.world import RINA, TODAY, World, world
from services.registry.domain.files import File
from services.registry.imports import Import
from shared.contracts.need import NeedAssessed
from shared.kernel.nip import Kind, Sex, parse
from shared.kernel.rank import Grade
from tests.unit.registry.shelf import NOW, Shelf, decree
from tests.unit.registry.test_import import Desk


@cache
def seeded(people: int) -> World:
    """Made once for all tests: 20,000 people take seconds."""
    return world(people, 3)


@pytest.fixture(scope="module")
def made() -> World:
    """A world of a thousand."""
    return world(1000, 7)


def rows(folder: Path, kind: str) -> list[dict[str, str]]:
    """A file as written."""
    with (folder / f"{kind}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def test_the_same_seed_writes_the_same_bytes(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        assert main(["generate", "--people", "600", "--seed", str(seed), "--out", str(tmp_path / name)]) == 0
    for kind in KINDS:
        assert (tmp_path / "a" / f"{kind}.csv").read_bytes() == (tmp_path / "b" / f"{kind}.csv").read_bytes()
    assert (tmp_path / "a" / "people.csv").read_bytes() != (tmp_path / "c" / "people.csv").read_bytes()


@pytest.mark.parametrize("people", [600, 1000, 20_000])
def test_numbers_are_valid_invented_and_unique(people: int) -> None:
    made = seeded(people)
    assert len(made.people) == people
    assert len({person.nip for person in made.people}) == people
    for person in made.people:
        nip = parse(person.nip, TODAY)
        assert nip.sequence >= 900
        assert (nip.birth, nip.sex) == (person.birth, Sex.FEMALE if person.woman else Sex.MALE)
        assert (nip.kind is Kind.PPPK) is (person.employment == "PPPK")
        assert nip.start <= person.post_since <= TODAY


def test_everybody_fits_their_post(made: World) -> None:
    for person in made.people:
        kind = person.post.kind
        assert (TODAY - person.birth).days / 365.25 < kind.age
        if person.employment != "PPPK":
            assert Grade(kind.ranks[0]) <= Grade(person.rank) <= Grade(kind.ranks[1])
        assert int(person.education) >= int(kind.education)
        assert not kind.fields or person.education_field in kind.fields


def test_shares_are_near_the_published_ones() -> None:
    made = seeded(20_000).people
    women = sum(person.woman for person in made) / len(made)
    contract = sum(person.employment == "PPPK" for person in made) / len(made)
    functional = sum(person.post.kind.kind == "functional" for person in made) / len(made)
    assert 0.54 < women < 0.58
    assert 0.17 < contract < 0.23
    assert 0.45 < functional < 0.65


def test_there_is_surplus_here_and_shortage_there(made: World) -> None:
    gaps: Counter[str] = Counter()
    for post in made.posts:
        if post.unit.agency.agency == "palu":
            gaps[post.unit.code] += post.holders - post.seats
    assert gaps["disdik"] > 0 > gaps["disdukcapil"]
    free = [post for post in made.posts if post.template in post.unit.kind.vacant]
    assert {(post.seats, post.holders) for post in free} == {(3, 0)}


def test_structural_posts_have_one_holder(made: World) -> None:
    assert {(post.seats, post.holders) for post in made.posts if post.structural} == {(1, 1)}


def test_rina_of_the_first_story(made: World) -> None:
    rina = next(person for person in made.people if person.nip == RINA)
    assert (rina.name, rina.post.title, rina.rank) == ("Rina Lestari", "Analis Kebijakan Ahli Muda", "III/c")
    assert (rina.post.unit.code, rina.post.unit.agency.agency) == ("setda", "palu")
    assert (rina.post_since, rina.performance) == (date(2023, 5, 2), {"2024": "good", "2025": "good"})


def test_the_chain_has_a_holder_for_each_office_and_nobody_twice(made: World) -> None:
    chain = ("direct_superior", "unit_head", "personnel_verifier", "performance_team", "bkn_liaison", "ppk")
    for agency in ("palu", "batanghari", "bandung", "surakarta", "binjai"):
        ours = [office for office in made.offices if office.agency == agency and office.unit in ("", "setda")]
        held = [office for office in ours if office.office in chain]
        assert sorted(office.office for office in held) == sorted(chain)
        assert len({office.person.nip for office in held if office.person}) == len(chain)
    units = {(o.agency, o.unit, o.office) for o in made.offices}
    for unit in made.units:
        assert {(unit.agency.agency, unit.code, office) for office in chain[:2]} <= units


def test_logins_are_unique_and_everyone_has_one(made: World) -> None:
    assert len({account.login for account in made.accounts}) == len(made.accounts)
    people = [account.person.nip for account in made.accounts if account.person]
    assert len(set(people)) == len(people)


def test_the_five_agencies_are_there() -> None:
    found = {agency.agency: agency.zone for agency in government().agencies}
    assert found == {
        "palu": "WITA",
        "batanghari": "WIB",
        "bandung": "WIB",
        "surakarta": "WIB",
        "binjai": "WIB",
    }
    assert "Arcamanik" in next(a for a in government().agencies if a.agency == "bandung").districts


def test_too_few_people_are_refused() -> None:
    with pytest.raises(ValueError, match="needs at least"):
        world(100, 7)


def test_shares_add_up() -> None:
    assert share(10, [1, 1, 1]) == [4, 3, 3]
    assert share(0, [1, 2]) == [0, 0]


async def test_the_registry_takes_every_row_and_again_without_a_word(made: World, tmp_path: Path) -> None:
    shelf = Shelf()
    write(made, tmp_path)

    async def take(kind: str) -> dict[str, Any]:
        desk = Desk(shelf)
        raw = BytesIO((tmp_path / f"{kind}.csv").read_bytes())
        return (await Import(kind, desk, desk.send, NOW.date(), File(file=f"i:{kind}")).run(raw)).answer()

    for kind in KINDS:
        report = await take(kind)
        assert (report["taken"], report["findings"]) == (len(rows(tmp_path, kind)), [])
    gaps: Counter[str] = Counter()
    for need in shelf.of(NeedAssessed):
        gaps[need.unit] += need.gap
    assert gaps["u:palu:disdik"] > 0 > gaps["u:palu:disdukcapil"]
    assert len({unit.partition(":")[2].partition(":")[0] for unit in gaps}) == 5
    count = len(shelf.events)
    for kind in KINDS:
        await take(kind)
    assert len(shelf.events) == count
    rina = next(state for state in shelf.states["people"].values() if state.nip == RINA)
    target = rina.profile.placement.model_copy(
        update={"unit": "u:palu:disdukcapil", "post": "p:palu:disdukcapil-analis-kebijakan-muda"}
    )
    shelf.issued(decree(rina.person, origin=rina.profile.placement, target=target))
    shelf.advance(NOW.replace(month=12))
    assert shelf.states["people"][rina.person].profile.placement == target
