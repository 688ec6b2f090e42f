"""A consumer as a process of its own, to be killed: prints what it takes, and after how many seconds."""

import asyncio
import sys
import time
from collections.abc import Sequence

from shared.runtime.kafka import Consumer
from shared.runtime.ports import Record
from shared.runtime.progress import Progress


async def main(servers: str, group: str, topic: str) -> None:
    """Until it is killed."""
    began = time.monotonic()

    async def take(records: Sequence[Record]) -> None:
        for record in records:
            print((record.value or b"").decode(), time.monotonic() - began, sep="\n", flush=True)  # noqa: T201

    await Consumer(group, servers, "1", take, Progress(), topics=[topic]).start()
    await asyncio.Event().wait()


asyncio.run(main(*sys.argv[1:]))
