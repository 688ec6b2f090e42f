"""The messages that wait: stored, handed out in the order of their lanes, each attempt recorded before it is made."""

from collections.abc import Sequence
from uuid import uuid4

from pymongo import UpdateMany, UpdateOne

from services.notification.domain.facts import Particulars
from services.notification.domain.ledger import MESSAGES
from shared.runtime.mongo import Database, MongoStore
from shared.runtime.passing import guarded
from shared.runtime.ports import Claimed, Raw, Write
from shared.runtime.service import NEVER, Index

WAITING = {"state.status": "queued"}
# `next_at`: not before this moment (seconds). `sent_by`: the process that tries it now; not `claimed_by`, which is the
# name of whoever sweeps the document's outbox.
LANES = Index(
    "lanes",
    [("state.channel", 1), ("state.lane", 1), ("next_at", 1), ("state.queued_at", 1)],
    partial=WAITING,
)
_ORDER = list(LANES.keys)[1:]


@guarded
class Queue(MongoStore):
    """The service's store; work that waits is put back into its lane, not into the runtime's hands."""

    async def write(self, kind: str, writes: Sequence[Write]) -> list[str]:
        """As the runtime does. What is queued anew (an operator sends it again) waits for no lease of the sending
        before; what was put off for a whole round and stays queued does, and so has a pause between its rounds."""
        for write in writes:
            if kind == MESSAGES.name and write.set.get("state.status") == "queued":
                write.set |= {"next_at": 0, "sent_by": ""}
        return await super().write(kind, writes)

    async def defer_work(self, kind: str, aggregate: str, id: str, until: float, notes: Sequence[Raw] = ()) -> None:
        """The attempt is settled; the next one begins at `until`."""
        query = {"_id": aggregate, f"work.{id}.until": NEVER}
        change = {"next_at": until, "sent_by": "", f"work.{id}.settled": True, f"work.{id}.notes": list(notes)}
        done = await self._of[kind].update_one(query, {"$set": change})
        if not done.matched_count:
            await super().defer_work(kind, aggregate, id, until, notes)

    async def learn(self, kind: str, facts: Sequence[tuple[str, int, Raw | None]]) -> None:
        """As the runtime does. What waits for a person need not wait on when newer particulars come: it may have been
        for want of them, or their address was at fault."""
        await super().learn(kind, facts)
        if kind == Particulars.KIND:
            theirs = {**WAITING, "state.person": {"$in": [person for person, _, _ in facts]}}
            put_off = {"sent_by": "", "next_at": {"$gt": 0}}
            await self._of[MESSAGES.name].update_many({**theirs, **put_off}, {"$set": {"next_at": 0}})

    async def next_up(self, channel: str, now: float, limit: int) -> list[Raw]:
        """Who is next on this channel: those of the first lane, of these whoever waits longest."""
        query = {**WAITING, "state.channel": channel, "next_at": {"$not": {"$gt": now}}}
        found = self._of[MESSAGES.name].find(query, {"work": 1, "next_at": 1}).sort(_ORDER).hint(LANES.name)
        return await found.limit(limit).to_list(limit)

    async def claim(self, found: Sequence[Raw], owner: str, now: float, lease: float) -> list[Claimed]:
        """Record one attempt of each in a single write; those that another process was not faster with."""
        token, messages = uuid4().hex, self._of[MESSAGES.name]
        begun = [(one["_id"], id, entry) for one in found for id, entry in (one.get("work") or {}).items()]
        if not begun:
            return []
        owned = {"next_at": now + lease, "sent_by": owner, "claim": token}
        writes = [
            UpdateOne(
                {"_id": message, f"work.{id}.attempt": entry["attempt"], **WAITING},
                {"$set": {**owned, f"work.{id}.attempt": entry["attempt"] + 1, f"work.{id}.settled": False}},
            )
            for message, id, entry in begun
        ]
        done = await messages.bulk_write(writes, ordered=False)
        ours = {message for message, _, _ in begun}
        if done.matched_count < len(begun):
            ours = {one["_id"] async for one in messages.find({"_id": {"$in": list(ours)}, "claim": token}, {"_id": 1})}
        return [
            Claimed(MESSAGES.name, message, id, {**entry, "attempt": entry["attempt"] + 1, "until": now + lease})
            for message, id, entry in begun
            if message in ours
        ]

    async def release(self, owner: str) -> None:
        """What this process had claimed before it died need not wait for the end of the lease."""
        gone = {**WAITING, "sent_by": owner}
        await self._of[MESSAGES.name].bulk_write([UpdateMany(gone, {"$set": {"next_at": 0, "sent_by": ""}})])


async def counted(db: Database) -> dict[str, dict[int, int]]:
    """How many wait, by channel and lane."""
    stages: list[Raw] = [
        {"$match": WAITING},
        {"$group": {"_id": {"channel": "$state.channel", "lane": "$state.lane"}, "many": {"$sum": 1}}},
    ]
    found: dict[str, dict[int, int]] = {}
    async for one in db[MESSAGES.name].aggregate(stages):
        found.setdefault(one["_id"]["channel"], {})[one["_id"].get("lane", 0)] = one["many"]
    return found
