"""What a chat server that takes every request and answers none costs e-mail: the same backlog without and beside it."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Any

from deploy.local.process import LOOPBACK, free_port
from services.notification.domain.facts import addresses_id
from services.registry.app import SERVICE as REGISTRY
from tests.bench.mail import PERSONS, Post, all_taken, backlog, person, publish, refuse, say, until
from tests.bench.measure import load_average

CHATTER, CHANNEL = "chatter", "telegram"


@asynccontextmanager
async def silent() -> AsyncIterator[str]:
    """The address of such a server."""
    lines: list[asyncio.StreamWriter] = []

    async def hold(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        lines.append(writer)
        await reader.read()

    port = free_port()
    server = await asyncio.start_server(hold, LOOPBACK, port)
    try:
        yield f"http://{LOOPBACK}:{port}"
    finally:
        server.close()
        for line in lines:
            line.close()


async def chatters(post: Post) -> None:
    """As many people again who want to be told by chat first."""
    ids = [f"{CHATTER}-{n}" for n in range(PERSONS)]
    facts: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "wishes": [(id, {"channels": [CHANNEL]}) for id in ids],
        "contacts": [(id, {"verified": {CHANNEL: {"contact": "k", "n": 1}}}) for id in ids],
        "addresses": [(addresses_id(id, CHANNEL), {"given": {"k": {"address": "1", "code": "x"}}}) for id in ids],
    }
    for kind, rows in facts.items():
        documents = [{"_id": id, "sequence": 1, "value": value} for id, value in rows]
        await post.db[f"fact_{kind}"].insert_many(documents)
    await publish(post.system.stack.kafka, REGISTRY, [(id, person(id)) for id in ids])
    await post.counted(2 * PERSONS, {}, "fact_particulars")


async def beside_a_dead_one(post: Post, many: int) -> None:
    """Messages per second by e-mail: alone, beside as many that wait for the dead chat server, and alone again."""
    await chatters(post)
    for chats in (0, many, 0):
        ids = await backlog(post, many)
        if chats:
            await refuse(post, chats, CHATTER)
            await post.counted(chats, {"state.channel": CHANNEL, "state.status": "queued"})
        began = time.time()
        await asyncio.to_thread(post.ask, "/v1/channels/email/resume")
        await until(partial(all_taken, post, ids, began))
        tried = await post.db["messages"].count_documents({"state.channel": CHANNEL, "sent_by": {"$gt": ""}})
        rate, load = post.taken(began).rate, load_average()
        say(f"{many} mails beside {chats} for the dead chat server ({tried} held by it): {rate:.0f}/s, load {load:.1f}")
