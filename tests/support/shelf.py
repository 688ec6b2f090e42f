"""What the proposal service's store of files holds, looked at behind its back."""

import asyncio
import time

from services.proposal.files.shelf import TERM, Shelf
from shared.runtime.mongo import connect
from tests.support.region import Region


def kept(region: Region, owner: str) -> list[str]:
    """Hashes of the files that are kept for a case or a debt."""

    async def look() -> list[str]:
        client = connect(region.system.stack.mongo)
        try:
            return [one["sha256"] async for one in client["mutasi_proposal"]["files"].find({"case": owner})]
        finally:
            client.close()

    return asyncio.run(look())


def swept(region: Region) -> None:
    """What the sweeper does once the term of everything stored so far is over."""

    async def sweep() -> None:
        client = connect(region.system.stack.mongo)
        try:
            await Shelf(client["mutasi_proposal"]).sweep(time.time() + TERM + 1)
        finally:
            client.close()

    asyncio.run(sweep())
