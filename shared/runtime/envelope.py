"""The envelope of an event: CloudEvents attributes, and the hash chain of its aggregate."""

from hashlib import sha256

from shared.kernel.decider import Event, Message
from shared.runtime.ports import Entry, utc
from shared.runtime.service import Service


def digest_of(entry: Entry) -> str:
    """SHA-256 of what the event says; a journal that may not keep the words kept this."""
    return sha256(entry["data"].encode()).hexdigest() if entry["data"] else str(entry["digest"])


def journaled(entry: Entry) -> Entry:
    """The event as the journal keeps it: whole, or without its words when they are about a person."""
    return {**entry, "data": "", "digest": digest_of(entry)} if entry.get("private") else entry


def chained(previous: str, entry: Entry) -> str:
    """Hash of an event over the one before it in its aggregate and everything it says (hex SHA-256)."""
    said = (previous, entry["id"], entry["type"], entry["time"], entry["actor"], entry["causation"], digest_of(entry))
    return sha256("\n".join(said).encode()).hexdigest()


def envelope(service: Service, aggregate: str, sequence: int, head: str, event: Event, cause: Message) -> Entry:
    """The event as it is stored, published and journaled. Its id is derived from service, aggregate and sequence."""
    template = getattr(event, "TOPIC", "")
    topic = template.format_map(dict(event)) if template else service.topic_of.get(event.TYPE, service.topic)
    entry: Entry = {
        "id": f"{service.name}:{aggregate}:{sequence}",
        "type": event.TYPE,
        "source": service.name,
        "aggregate": aggregate,
        "key": event.key,
        "sequence": sequence,
        "time": utc(cause.time),
        "correlation": cause.correlation or cause.id,
        "causation": cause.id,
        "actor": (cause.actor.person or cause.actor.login) if cause.actor else "",
        "trace": cause.trace,
        "topic": topic,
        "data": event.model_dump_json(),
        "prev": head,
    }
    if event.PRIVATE:
        entry["private"] = True
    if event.TOMBSTONE:
        entry["tombstone"] = True
    entry["hash"] = chained(head, entry)
    return entry
