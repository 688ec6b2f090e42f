"""The MongoDB store does what every store must do, uses its indexes, and shows a broken history."""

import asyncio
import time
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from deploy.local.stack import Stack
from shared.runtime.mongo import Database, MongoStore, connect
from tests.support.store_suite import SERVICE, Rig, StoreSuite

pytestmark = [pytest.mark.integration, pytest.mark.timeout(60)]


@pytest.fixture
async def db(stack: Stack) -> AsyncIterator[Database]:
    """A database of this test alone."""
    client = connect(stack.mongo)
    name = f"t_{uuid4().hex}"
    yield client[name]
    await client.drop_database(name)
    client.close()


@pytest.fixture
async def rig(db: Database) -> Rig:
    """Two stores on it."""
    one = MongoStore(db, SERVICE)
    await one.ensure()
    return Rig(one, MongoStore(db, SERVICE), time.time, asyncio.sleep)


class TestMongoStore(StoreSuite):
    """The whole suite, on the real server."""

    @pytest.fixture
    async def rig(self, db: Database) -> Rig:
        """Two stores on an empty database."""
        one = MongoStore(db, SERVICE)
        await one.ensure()
        await one.ensure()
        return Rig(one, MongoStore(db, SERVICE), time.time, asyncio.sleep)
