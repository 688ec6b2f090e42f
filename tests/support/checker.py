"""The offline checker: N1-N8 and, of I1-I12, what a run of whole transfers shows, over real databases and topics.

Each check says one sentence per fault; a run is good when there is none. Nothing here trusts what the services
answered but the driver's list of accepted commands.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from services.approval.domain.decrees import digest_of
from services.evaluation.domain.judge import replay
from shared.contracts.approval import DecreeIssued
from shared.contracts.evaluation import EvaluationCompleted, RulesetRecorded
from shared.contracts.proposal import ProposalSubmitted
from shared.host.audit import verify_chain
from shared.invariants import Said, judged
from shared.runtime.envelope import digest_of as words_of
from shared.runtime.ports import utc
from tests.support.evidence import Evidence, said, told
from tests.support.evidence import Said as Record
from tests.support.messages import messages

PATHS = {
    "proposal": ("drafted", "submitted", "noted", "noted", "approved"),
    "evaluation": ("completed", "confirmed"),
    "approval": ("opened", "queued", "claimed", "decided", "queued", "claimed", "decided", "granted"),
}
"""What each service may say of a case that went through, in order; `noted` may also come once or three times,
and before `completed` the first cases record their rule set."""


@dataclass(frozen=True, slots=True)
class Expected:
    """What the driver knows: ids of accepted commands, and the cases that it saw through to the end."""

    commands: Collection[str]
    cases: Collection[str]


def check(evidence: Evidence, expected: Expected) -> list[str]:
    """Every fault, in words; none is what is wanted."""
    return [f"{name}: {fault}" for name, look in CHECKS.items() for fault in look(evidence, expected)]


# -- each service by itself ------------------------------------------------------------------------------------------


def _chains(evidence: Evidence, _: Expected) -> Iterator[str]:
    """N2, N6: each (aggregate, sequence) once, hashes whole, and the document ends where its journal does."""
    for name, db in evidence.databases.items():
        heads = {id: doc for kind in db.documents.values() for id, doc in kind.items()}
        for aggregate in heads.keys() | db.journal.keys():
            doc = heads.get(aggregate, {})
            entries = db.journal.get(aggregate, [])
            if fault := verify_chain(entries, doc.get("sequence", 0), doc.get("head", "")):
                yield f"{name} {aggregate}: {fault}"


def _rebuilt(evidence: Evidence, _: Expected) -> Iterator[str]:
    """N7: the state is what its events say."""
    for name, db in evidence.databases.items():
        for kind, documents in db.documents.items():
            decider = db.decider(kind)
            for id, doc in documents.items():
                state = decider.initial(id)
                for entry in db.journal.get(id, []):
                    state = decider.evolve(state, said(entry))
                if state.model_dump(mode="json") != doc["state"]:
                    yield f"{name} {id}: the state is not what its events say"


def _pending(evidence: Evidence, _: Expected) -> Iterator[str]:
    """N4: nothing is held, parked, under way, unpublished, or overdue."""
    now = utc(datetime.now(UTC))
    for name, db in evidence.databases.items():
        yield from (f"{name} parked {one['_id']}: {one['reason']}" for one in db.parked if one["status"] == "parked")
        for documents in db.documents.values():
            for id, doc in documents.items():
                left = [part for part in ("out", "held", "work", "waits") if doc.get(part)]
                if left or (doc.get("due_at") or "9999") < now:
                    yield f"{name} {id}: {left or 'due ' + doc['due_at']}"


# -- journal and topic -----------------------------------------------------------------------------------------------


def _published(evidence: Evidence, _: Expected) -> Iterator[str]:
    """N1, I7: what is journaled stands in its topic byte by byte, and nothing else does."""
    journaled = {entry["id"]: entry for db in evidence.databases.values() for entry in db.events}
    copies: dict[str, list[Record]] = defaultdict(list)
    for one in evidence.said:
        copies[one.id].append(one)
    yield from (f"{id} is journaled and in no topic" for id in journaled.keys() - copies.keys())
    yield from (f"{id} is in a topic and not journaled" for id in copies.keys() - journaled.keys())
    for id in copies.keys() & journaled.keys():
        entry = journaled[id]
        wanted = entry["topic"], entry["key"], words_of(entry)
        if any((one.topic, one.key, sha256(one.data.encode()).hexdigest()) != wanted for one in copies[id]):
            yield f"{id}: a copy in the topic differs from the journal"


def _order(evidence: Evidence, _: Expected) -> Iterator[str]:
    """First copies of an aggregate's events for one key stand in one partition, in order."""
    first: dict[str, Record] = {}
    for one in sorted(evidence.said, key=lambda one: (one.topic, one.partition, one.offset)):
        first.setdefault(one.id, one)
    lanes: dict[tuple[str, str, str], list[Record]] = defaultdict(list)
    for one in first.values():
        lanes[one.topic, one.aggregate, one.key].append(one)
    for lane, records in lanes.items():
        if len({one.partition for one in records}) > 1:
            yield f"{lane}: in several partitions"
        sequences = [one.sequence for one in sorted(records, key=lambda one: one.offset)]
        if sequences != sorted(sequences):
            yield f"{lane}: first copies out of order: {sequences}"


# -- commands, cases, decrees ----------------------------------------------------------------------------------------


def _commands(evidence: Evidence, expected: Expected) -> Iterator[str]:
    """N1, N2: every accepted command has its events, and has them once, however often it was repeated."""
    caused: dict[str, Counter[str]] = defaultdict(Counter)
    for db in evidence.databases.values():
        for entry in db.events:
            caused[entry["causation"]][entry["type"]] += 1
    for command in expected.commands:
        if command not in caused:
            yield f"{command} was accepted and nothing came of it"
    for command, types in caused.items():
        if command.startswith("command:") and max(types.values()) > 1:
            yield f"{command} was done twice: {dict(types)}"


def _paths(evidence: Evidence, expected: Expected) -> Iterator[str]:
    """N3, I9: each case went the one legal way, in every service, by two officials who are not its person."""
    cases = _submitted(evidence)
    if missing := set(expected.cases) - cases.keys():
        yield f"cases that the driver saw through and nobody submitted: {sorted(missing)}"
    for case, person in cases.items():
        for name, path in PATHS.items():
            types = [entry["type"].split(".")[-2] for entry in evidence.databases[name].journal.get(case, [])]
            if _once(types) != _once(list(path)) or not 1 <= types.count("noted") + (name != "proposal") <= 3:
                yield f"{name} {case}: {types}"
        decided = evidence.databases["approval"].documents["cases"].get(case, {}).get("state", {}).get("decisions", [])
        if [one["stage"] for one in decided] != ["chief1", "chief2"]:
            yield f"{case}: decided by {decided}"
        if len({person, *(one["by"] for one in decided)}) != len(PATHS):
            yield f"{case}: duties are not separate: {person}, {decided}"


def _once(types: list[str]) -> list[str]:
    return [type for type in types if type not in ("noted", "recorded")]


def _submitted(evidence: Evidence) -> dict[str, str]:
    """The person of every submitted case."""
    events = told(evidence.databases["proposal"], ProposalSubmitted)
    return {event.case: event.content.person for event in events}


def _seats(evidence: Evidence, _: Expected) -> Iterator[str]:
    """I2, I5: one open case per person, a seat for each, and no more seats than there are."""
    proposal, cases = evidence.databases["proposal"], _submitted(evidence)
    persons = Counter(cases.values())
    yield from (f"{person} has {count} cases" for person, count in persons.items() if count > 1)
    given: Counter[str] = Counter()
    for id, doc in proposal.documents["seats"].items():
        state = doc["state"]
        held = [case for case, seat in state["cases"].items() if seat["status"] in ("reserved", "taken")]
        given.update(held)
        if len(held) > (state["quota"] or 0):
            yield f"{id}: {len(held)} seats given of {state['quota']}"
    yield from _differ("seats and cases", given.elements(), cases)


def _decrees(evidence: Evidence, _: Expected) -> Iterator[str]:
    """Exactly one decree per case, each hash right, each to be read, each move scheduled once."""
    approval, cases = evidence.databases["approval"], _submitted(evidence)
    issued = told(approval, DecreeIssued)
    yield from _differ("decrees and cases", (event.case for event in issued), cases)
    yield from _differ("decrees and what can be read", (event.decree for event in issued), approval.decrees)
    people = evidence.databases["registry"].documents["people"].values()
    moves = (move["decree"] for doc in people for move in doc["state"]["moves"])
    yield from _differ("moves and decrees", moves, (event.decree for event in issued))
    for event in issued:
        if event.digest != digest_of(event.model_dump(mode="json")):
            yield f"{event.decree}: the hash is not that of its data"


def _numbers(evidence: Evidence, _: Expected) -> Iterator[str]:
    """Numbers 1..n by agency and year, without gap or double."""
    numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
    for event in told(evidence.databases["approval"], DecreeIssued):
        numbers[event.agency, event.year].append(event.number)
    for place, found in numbers.items():
        yield from _differ(f"numbers of {place}", found, range(1, len(found) + 1))


def _differ(what: str, found: Iterable[Any], wanted: Iterable[Any]) -> Iterator[str]:
    """Both must hold the same things, each as often."""
    has, should = Counter(iter(found)), Counter(iter(wanted))
    if has != should:
        yield f"{what} differ: too many {dict(has - should)}, missing {dict(should - has)}"[:500]


def _replays(evidence: Evidence, _: Expected) -> Iterator[str]:
    """I8: an evaluation can be made again from its event and the rule set that it names."""
    db = evidence.databases["evaluation"]
    books = {event.ruleset: event.content for event in told(db, RulesetRecorded)}
    for event in told(db, EvaluationCompleted):
        if replay(event, books) != event:
            yield f"{event.case}: the evaluation does not replay"


def _invariants(evidence: Evidence, _: Expected) -> Iterator[str]:
    """I1-I12 as an auditor has them judged, from the events alone."""
    told = (
        Said(name, aggregate, entry["sequence"], datetime.fromisoformat(entry["time"]), entry["actor"], said(entry))
        for name, db in evidence.databases.items()
        for aggregate, entries in db.journal.items()
        for entry in entries
    )
    for found in judged(told):
        yield from (f"{found.id} {where}: {what}" for where, what in found.broken)


CHECKS: Mapping[str, Callable[[Evidence, Expected], Iterator[str]]] = {
    "chains": _chains,
    "rebuilt": _rebuilt,
    "pending": _pending,
    "published": _published,
    "order": _order,
    "commands": _commands,
    "paths": _paths,
    "seats": _seats,
    "decrees": _decrees,
    "numbers": _numbers,
    "replays": _replays,
    "invariants": _invariants,
    "messages": lambda evidence, _: messages(evidence),
}
