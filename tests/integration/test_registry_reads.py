"""What the registry reads, on a real MongoDB: the right rows, page after page, and never by looking at everything."""

from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import date, timedelta
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from services.registry import store
from services.registry.app import SERVICE
from services.registry.competences import must_exist
from services.registry.shelves import Shelves
from services.registry.store import Wanted
from shared.kernel.decider import Refused
from shared.runtime.mongo import Database, MongoStore, connect

pytestmark = [pytest.mark.integration, pytest.mark.timeout(300)]
MANY = 600
FIRST = date(2026, 12, 1)
RANKS = [("III/a", "III/d"), ("III/c", ""), ("", "II/d"), ("IX", "")]


ADMITS = {1: ["one_agency"], 2: ["one_agency", "intra_province"], 3: ["inter_province"]}
"""By the number's rest of 7; the others were published before vacancies said whom they admit."""


def vacancy(number: int) -> dict[str, Any]:
    """A vacancy as it is stored, as far as it is read; every fifth is closed."""
    agency = f"a{number % 6}"
    low, high = RANKS[number % 4]
    published = {
        "placement": {"agency": agency, "unit": f"u:{agency}:{number % 20}", "post": f"p:{number}"},
        "post_kind": ("staff", "functional", "administrator")[number % 3],
        "requirements": {"rank_min": low, "rank_max": high},
        "closes_on": (FIRST + timedelta(days=number % 30)).isoformat(),
        **({"admits": ADMITS[number % 7]} if number % 7 in ADMITS else {}),
    }
    state = {"vacancy": f"v{number:04}", "published": published, "open": number % 5 != 0}
    return {"_id": f"v{number:04}", "rev": 1, "sequence": 1, "state": state}


def person(number: int) -> dict[str, Any]:
    """A person as they are stored, as far as they are looked up."""
    state = {"nip": f"{number:018}", "former": [f"9{number:017}"] if number % 10 == 0 else []}
    return {"_id": f"x{number}", "rev": 1, "state": state}


def need(number: int) -> dict[str, Any]:
    """An analysis."""
    post = f"p:a{number % 6}:{number % 100}"
    about = {"post": post, "unit": f"u:{number % 20}", "agency": f"a{number % 6}", "year": 2020 + number // 100}
    return {"_id": f"w{number}", "rev": 1, "state": {"assessed": about, "tasks": []}}


@pytest.fixture(scope="module")
async def db(stack: Stack) -> AsyncIterator[Database]:
    """The registry's collections with their indexes, filled."""
    client, name = connect(stack.mongo), f"t_{uuid4().hex}"
    await MongoStore(client[name], SERVICE).ensure()
    for kind, make in (("vacancies", vacancy), ("people", person), ("needs", need)):
        await client[name][kind].insert_many([make(number) for number in range(MANY)])
    agencies = [{"_id": f"a{n}", "rev": 1, "state": {"registered": {"province": f"P{n % 3}"}}} for n in range(6)]
    await client[name]["agencies"].insert_many(agencies)
    yield client[name]
    await client.drop_database(name)
    client.close()


async def looked_at(db: Database, read: Callable[[], Awaitable[Any]]) -> Any:
    """What a read gives; fails when the server went through a whole collection or sorted in memory for it."""
    await db.command("profile", 0)
    await db.drop_collection("system.profile")
    await db.command("profile", 2)
    found = await read()
    await db.command("profile", 0)
    ran = [op async for op in db["system.profile"].find({"op": "query", "ns": {"$not": {"$regex": "system"}}})]
    assert ran
    for op in ran:
        assert "COLLSCAN" not in op["planSummary"], op["command"]
        assert not (op.get("hasSortStage") and op["docsExamined"]), op["command"]
    return found


async def pages(db: Database, wanted: Wanted) -> list[dict[str, Any]]:
    """All pages, each behind the one before."""
    rows: list[dict[str, Any]] = []
    while True:
        region = await store.of_region(db, wanted.region) if wanted.region else None
        query = store.offered(wanted, region)
        found = await store.page(db, "vacancies", query, wanted.after, wanted.limit, wanted.order)
        rows += [dict(row) for row in found]
        if len(found) < wanted.limit:
            return rows
        wanted = wanted.model_copy(update={"after": store.cursor(found[-1], wanted.order)})


def number_of(row: dict[str, Any]) -> int:
    """Which vacancy it is."""
    return int(row["_id"][1:])


CASES: list[tuple[dict[str, Any], Callable[[int], bool]]] = [
    ({}, lambda _n: True),
    ({"agency": "a2"}, lambda n: n % 6 == 2),
    ({"unit": "u:a2:8"}, lambda n: n % 6 == 2 and n % 20 == 8),
    ({"kind": "functional"}, lambda n: n % 3 == 1),
    ({"open": True}, lambda n: n % 5 != 0),
    ({"open": False}, lambda n: n % 5 == 0),
    ({"region": "P1"}, lambda n: n % 3 == 1),
    ({"region": "nowhere"}, lambda _n: False),
    ({"rank": "III/b"}, lambda n: n % 4 == 0),
    ({"rank": "III/d"}, lambda n: n % 4 in (0, 1)),
    ({"rank": "II/a"}, lambda n: n % 4 == 2),
    ({"rank": "IX"}, lambda n: n % 4 == 3),
    (
        {"open_to": "a2", "open": True},
        lambda n: n % 5 != 0 and (n % 7 != 3 if n % 6 == 2 else n % 7 in (2, 3)),
    ),
    ({"by_closing": True}, lambda n: n % 5 != 0),
    ({"closes_from": "2026-12-10", "closes_until": "2026-12-12"}, lambda n: n % 5 != 0 and 9 <= n % 30 <= 11),
    (
        {"closes_until": "2026-12-05", "agency": "a1", "open": False},
        lambda n: n % 30 <= 4 and n % 6 == 1 and n % 5 == 0,
    ),
]


@pytest.mark.parametrize(("filters", "fits"), CASES, ids=[str(filters) for filters, _ in CASES])
async def test_filters_find_exactly_what_fits_page_by_page(
    db: Database, filters: dict[str, Any], fits: Callable[[int], bool]
) -> None:
    wanted = Wanted.model_validate({**filters, "limit": 7})
    rows = await looked_at(db, lambda: pages(db, wanted))
    assert [number_of(row) for row in rows] == sorted(
        (n for n in range(MANY) if fits(n)), key=lambda n: (n % 30 if wanted.order else 0, n)
    )


async def test_a_person_is_found_by_old_and_new_numbers(db: Database) -> None:
    nips = [f"{7:018}", f"9{10:017}", f"9{11:017}"]
    found = await looked_at(db, lambda: Shelves(db).persons(nips))
    assert found == {nips[0]: "x7", nips[1]: "x10"}


async def test_analyses_are_read_by_index(db: Database) -> None:
    one = await looked_at(db, lambda: store.analysed(db, "state.assessed.post", "p:a0:0"))
    assert [year for _, year, _ in one] == sorted(year for _, year, _ in one)
    year = await looked_at(db, lambda: store.analysed(db, "state.assessed.agency", "a1", 2022))
    assert len(year) == len([n for n in range(200, 300) if n % 6 == 1])


async def test_a_competence_is_one_that_every_post_knows_or_some_post_demands(db: Database) -> None:
    demands: list[dict[str, int]] = [{}, {"integrity": 3}, {"gis": 3}]
    posts = [{"state": {"registered": {"requirements": {"competences": one}}}} for one in demands]
    await db["posts"].insert_many(posts)
    await must_exist(db, ("integrity",), "competences")
    await looked_at(db, lambda: must_exist(db, ("gis",), "competences"))
    await must_exist(db, ("old_name", "gis"), "competences", had=("old_name",))
    with pytest.raises(Refused, match="UNKNOWN_COMPETENCE") as refused:
        await looked_at(db, lambda: must_exist(db, ("gis", "gsi"), "competences"))
    assert (refused.value.where, refused.value.values["name"]) == ("competences", "gsi")
