"""The test of the checker: a good run's evidence with one thing wrong, which the named check must see."""

from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import replace
from typing import Any

from shared.contracts.approval import DecreeIssued
from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.proposal import ProposalSubmitted
from shared.runtime.ports import Entry, Raw
from tests.support.checker import CHECKS, Expected
from tests.support.evidence import Database, Evidence


def missed(evidence: Evidence, expected: Expected) -> list[str]:
    """The faults that nobody saw."""
    return [fault.__name__ for name, fault in FAULTS if not any(CHECKS[name](_with(fault, evidence), expected))]


def _with(fault: Callable[[Evidence], None], evidence: Evidence) -> Evidence:
    databases = {name: _copy(db) for name, db in evidence.databases.items()}
    tampered = Evidence(databases, list(evidence.said))
    fault(tampered)
    return tampered


def _copy(db: Database) -> Database:
    """Its own documents and journal; the service is the same."""
    return replace(
        db,
        documents=deepcopy(db.documents),
        journal=deepcopy(db.journal),
        recorded=deepcopy(db.recorded),
        decrees=deepcopy(db.decrees),
        parked=list(db.parked),
    )


def _first(evidence: Evidence, name: str, type: type[Any]) -> Entry:
    return next(entry for entry in evidence.databases[name].events if entry["type"] == type.TYPE)


def _case(evidence: Evidence) -> str:
    return str(_first(evidence, "proposal", ProposalSubmitted)["aggregate"])


def _document(evidence: Evidence, name: str, kind: str) -> Raw:
    return evidence.databases[name].documents[kind][_case(evidence)]


def event_gone(evidence: Evidence) -> None:
    """The journal lost one."""
    evidence.databases["approval"].journal[_case(evidence)].pop(2)


def event_changed(evidence: Evidence) -> None:
    """Somebody wrote in the journal."""
    _first(evidence, "proposal", ProposalSubmitted)["data"] += " "


def head_cut_off(evidence: Evidence) -> None:
    """The end of a journal is missing."""
    evidence.databases["approval"].journal[_case(evidence)].pop()


def state_differs(evidence: Evidence) -> None:
    """A document does not say what its events say."""
    _document(evidence, "evaluation", "evaluations")["state"]["confirmed"] = False


def left_unpublished(evidence: Evidence) -> None:
    """An event stayed behind."""
    _document(evidence, "proposal", "cases")["out"] = [{}]


def left_held(evidence: Evidence) -> None:
    """A message stayed behind."""
    _document(evidence, "approval", "cases")["held"] = [{}]


def overdue(evidence: Evidence) -> None:
    """A timer did not fire."""
    _document(evidence, "approval", "cases")["due_at"] = "2020-01-01T00:00:00.000000Z"


def record_lost(evidence: Evidence) -> None:
    """The topic lost one, with the repeats that a kill left of it."""
    lost = evidence.said[-1].id
    evidence.said = [one for one in evidence.said if one.id != lost]


def record_alien(evidence: Evidence) -> None:
    """The topic has one that was never written."""
    evidence.said.append(replace(evidence.said[-1], id="proposal:ghost:1"))


def record_differs(evidence: Evidence) -> None:
    """The topic says something else than the journal."""
    evidence.said[-1] = replace(evidence.said[-1], data="{}")


def order_broken(evidence: Evidence) -> None:
    """The events of a case stand the wrong way round."""
    case = _case(evidence)
    evidence.said = [replace(one, offset=-one.offset) if one.aggregate == case else one for one in evidence.said]


def command_lost(evidence: Evidence) -> None:
    """Nothing came of an accepted command."""
    _first(evidence, "proposal", ProposalSubmitted)["causation"] = "command:nobody"


def command_twice(evidence: Evidence) -> None:
    """A repeated command was done again."""
    entry = _first(evidence, "proposal", ProposalSubmitted)
    evidence.databases["proposal"].journal[entry["aggregate"]].append(entry)


def one_official_for_both(evidence: Evidence) -> None:
    """Duties were not separate."""
    decisions = _document(evidence, "approval", "cases")["state"]["decisions"]
    decisions[1]["by"] = decisions[0]["by"]


def step_left_out(evidence: Evidence) -> None:
    """A case skipped its claim."""
    evidence.databases["approval"].journal[_case(evidence)].pop(2)


def too_many_seats(evidence: Evidence) -> None:
    """More seats were given than there are."""
    case, seats = _case(evidence), evidence.databases["proposal"].documents["seats"]
    next(doc["state"] for doc in seats.values() if case in doc["state"]["cases"])["quota"] = 0


def seat_gone(evidence: Evidence) -> None:
    """A case has none."""
    for doc in evidence.databases["proposal"].documents["seats"].values():
        doc["state"]["cases"].pop(_case(evidence), None)


def decree_twice(evidence: Evidence) -> None:
    """A case has two decrees."""
    entry = _first(evidence, "approval", DecreeIssued)
    evidence.databases["approval"].journal[entry["aggregate"]].append(entry)


def decree_unreadable(evidence: Evidence) -> None:
    """A decree cannot be shown."""
    evidence.databases["approval"].decrees.pop()


def number_missing(evidence: Evidence) -> None:
    """A register has a gap."""
    entry = _first(evidence, "approval", DecreeIssued)
    entry["data"] = entry["data"].replace('"number":1,', '"number":100000,')


def score_differs(evidence: Evidence) -> None:
    """An evaluation does not follow from its facts."""
    entry = _first(evidence, "evaluation", EvaluationCompleted)
    entry["data"] = entry["data"].replace('"eligible":true', '"eligible":false')


def message_lost(evidence: Evidence) -> None:
    """Somebody was not told."""
    evidence.databases["notification"].recorded.popitem()


def message_twice(evidence: Evidence) -> None:
    """Somebody was told once more than the ledger knows of attempts."""
    notification = evidence.databases["notification"]
    id, record = next(iter(notification.recorded.items()))
    record["times"] = max(notification.documents["messages"][id]["state"]["attempts"], 1) + 1


def _faults() -> Iterator[tuple[str, Callable[[Evidence], None]]]:
    yield from (("chains", fault) for fault in (event_gone, event_changed, head_cut_off))
    yield "rebuilt", state_differs
    yield from (("pending", fault) for fault in (left_unpublished, left_held, overdue))
    yield from (("published", fault) for fault in (record_lost, record_alien, record_differs))
    yield "order", order_broken
    yield from (("commands", fault) for fault in (command_lost, command_twice))
    yield from (("paths", fault) for fault in (one_official_for_both, step_left_out))
    yield from (("seats", fault) for fault in (too_many_seats, seat_gone))
    yield from (("decrees", fault) for fault in (decree_twice, decree_unreadable))
    yield from (("numbers", fault) for fault in (number_missing, decree_twice))
    yield "replays", score_differs
    yield from (("messages", fault) for fault in (message_lost, message_twice))


FAULTS = tuple(_faults())
