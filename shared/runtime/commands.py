"""What one process asks of MongoDB, counted: round trips, and the documents in them. A test bounds both per case."""

from typing import Any

from prometheus_client import Counter
from pymongo.monitoring import CommandFailedEvent, CommandListener, CommandStartedEvent, CommandSucceededEvent

COMMANDS = Counter("mutasi_mongo_commands", "Round trips to MongoDB", ["command", "collection"])
DOCUMENTS = Counter("mutasi_mongo_documents", "Documents asked for, written or returned", ["command", "collection"])
_SENT = {"update": "updates", "insert": "documents", "delete": "deletes"}
_RETURNED = ("firstBatch", "nextBatch")


class Counted(CommandListener):
    """Counts commands when they start, documents by what they carry."""

    def __init__(self) -> None:
        self._known: dict[tuple[str, str], tuple[Any, Any]] = {}

    def started(self, event: CommandStartedEvent) -> None:
        """A round trip; writes carry their documents."""
        name = event.command_name
        collection = event.command.get("collection" if name == "getMore" else name)
        commands, documents = self._counters(name, collection if isinstance(collection, str) else "")
        commands.inc()
        if name in _SENT:
            documents.inc(len(event.command[_SENT[name]]))

    def succeeded(self, event: CommandSucceededEvent) -> None:
        """A reply; reads carry theirs."""
        cursor = event.reply.get("cursor")
        if cursor is None:
            return
        for batch in _RETURNED:
            if found := cursor.get(batch):
                collection = str(cursor["ns"]).partition(".")[2]
                self._counters(event.command_name, collection)[1].inc(len(found))

    def failed(self, _event: CommandFailedEvent) -> None:
        """Counted when it started."""

    def _counters(self, command: str, collection: str) -> tuple[Any, Any]:
        found = self._known.get((command, collection))
        if found is None:
            names = (command, collection)
            found = self._known[names] = COMMANDS.labels(*names), DOCUMENTS.labels(*names)
        return found
