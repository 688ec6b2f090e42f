"""Judging: the rules and the score over one snapshot of facts, so that an event replays from itself. Pure."""

from collections.abc import Mapping

from services.evaluation.domain.checks import CHECKS
from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Applied, Edition, digest
from services.evaluation.domain.score import score
from shared.contracts.evaluation import EvaluationCompleted, Finding
from shared.kernel.decider import Frozen

OUT_OF_STEP = "DATA_TIDAK_SINKRON"
ORGANISATION = "organisation"  # keeps the posts (peta jabatan) that vacancies copy their demands from
_PASSES = frozenset({"met", "not_applicable", "waived"})


class Snapshot(Frozen):
    """All that an evaluation rests on: the rules of the day it was submitted, and what was seen."""

    edition: Edition
    seen: Seen


class Head(Frozen):
    """Whose evaluation it is."""

    case: str
    attempt: int
    person: str
    vacancy: str


def findings(snapshot: Snapshot) -> tuple[Finding, ...]:
    """What each rule says, in the order of their ids."""
    return tuple(_finding(rule, snapshot.seen) for rule in snapshot.edition.rules)


def _finding(rule: Applied, seen: Seen) -> Finding:
    outcome, values = CHECKS[rule.check](seen, rule.parameters)
    code = {"not_met": rule.code, "unknown": OUT_OF_STEP}.get(outcome, "")
    if outcome == "unknown":
        of_post = values["datum"].partition(".")[0] in ("vacancy", "post")
        values = {**values, "holder": ORGANISATION if of_post else rule.held_by}
    return Finding(
        rule=rule.id,
        outcome=outcome,
        code=code,
        citation=rule.citation,
        certainty=rule.certainty,
        values=values,
        hard=rule.hard,
    )


def eligible(found: tuple[Finding, ...]) -> bool:
    """True if every hard rule is met, waived or does not apply; unknown never passes."""
    return all(finding.outcome in _PASSES for finding in found if finding.hard)


def evaluate(head: Head, snapshot: Snapshot, facts: Mapping[str, object]) -> EvaluationCompleted:
    """The evaluation of a snapshot. `facts` is its JSON form; the hash is of that, to outlive new fields."""
    found = findings(snapshot)
    return EvaluationCompleted(
        **head.model_dump(),
        eligible=eligible(found),
        findings=found,
        score=score(snapshot.seen, snapshot.edition.scoring),
        ruleset=snapshot.edition.id,
        snapshot=digest(facts),
        facts=facts,
    )


def replay(event: EvaluationCompleted) -> EvaluationCompleted:
    """The same evaluation, made again from the event alone (I8)."""
    head = Head.model_validate(event.model_dump(include=set(Head.model_fields)))
    return evaluate(head, Snapshot.model_validate(event.facts), event.facts)
