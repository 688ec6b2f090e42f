"""Whose tasks a substitute may see, as the approval service looks it up in a real MongoDB."""

from collections.abc import AsyncIterator
from datetime import date
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from services.approval.domain import Deputy, Holder
from services.approval.store import places_stood_in
from shared.runtime.mongo import Database, connect

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]
DAY = date(2026, 11, 23)
UNIT = "u:palu:setda"
HEAD = {"office": "unit_head", "agency": "palu", "unit": UNIT}


@pytest.fixture
async def db(stack: Stack) -> AsyncIterator[Database]:
    """A database of this test alone, in which somebody stands in for the head of a unit."""
    client, name = connect(stack.mongo), f"t_{uuid4().hex}"
    right = {**HEAD, "id": "m-1", "absent": "p-head", "since": "2026-11-23", "until": "2026-11-25"}
    await client[name][f"fact_{Deputy.KIND}"].insert_one({"_id": "p-deputy", "value": {"mandates": [right]}})
    yield client[name]
    await client.drop_database(name)
    client.close()


async def head(db: Database, **held: Any) -> None:
    """What the absent one holds."""
    offices = {"value": {"offices": [{**HEAD, "since": "2020-01-02", **held}]}}
    await db[f"fact_{Holder.KIND}"].replace_one({"_id": "p-head"}, offices, upsert=True)


async def test_the_desk_is_theirs_from_the_first_day_up_to_the_last(db: Database) -> None:
    await head(db)
    days = {day: await places_stood_in(db, "p-deputy", DAY.replace(day=day)) for day in (22, 23, 24, 25)}
    desk = {("unit_head", "palu", ""), ("unit_head", "palu", UNIT)}
    assert days == {22: set(), 23: desk, 24: desk, 25: set()}
    assert await places_stood_in(db, "p-other", DAY) == set()


async def test_it_is_nobodys_once_the_absent_one_has_left_the_office(db: Database) -> None:
    await head(db, until="2026-11-24")
    assert await places_stood_in(db, "p-deputy", DAY)
    assert await places_stood_in(db, "p-deputy", DAY.replace(day=24)) == set()
