"""Judging: the rules and the score over one snapshot of facts, so that an event replays from itself. Pure."""

from collections.abc import Container, Mapping

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.predicates import Verdict
from services.evaluation.domain.ruleset import Applied, Edition, book_of, digest, named
from services.evaluation.domain.score import score
from services.evaluation.domain.score.interest import preferred
from shared.contracts.evaluation import EvaluationCompleted, Finding
from shared.kernel.decider import Frozen

OUT_OF_STEP = "DATA_TIDAK_SINKRON"
ORGANISATION = "organisation"  # keeps the posts (peta jabatan) that vacancies copy their demands from
Books = Mapping[str, Mapping[str, object]]
"""Rule sets as they were recorded, by their hash."""
_PASSES = frozenset({"met", "not_applicable", "waived"})


class Waiver(Frozen):
    """A rule that somebody who may waived for the case, with the reason; only for moves into that agency."""

    rule: str
    office: str
    agency: str
    reason: str


class Snapshot(Frozen):
    """All that an evaluation rests on: the rules of the day it was submitted, what was seen, what was waived."""

    edition: Edition
    seen: Seen
    waivers: tuple[Waiver, ...] = ()


class Head(Frozen):
    """Whose evaluation it is."""

    case: str
    attempt: int
    person: str
    vacancy: str
    group: str = ""
    ranked: bool = False


def findings(snapshot: Snapshot, only: Container[str] | None = None) -> tuple[Finding, ...]:
    """What each rule says, in the order of their ids; `only` these, if given."""
    target = snapshot.seen.vacancy.placement.agency
    waivers = {waiver.rule: waiver for waiver in snapshot.waivers if waiver.agency == target}
    return tuple(
        _finding(rule, check(snapshot.seen), waivers.get(rule.id))
        for rule, check in snapshot.edition.checks
        if only is None or rule.id in only
    )


def _finding(rule: Applied, verdict: Verdict, waiver: Waiver | None) -> Finding:
    outcome, values = verdict
    if waiver and outcome == "not_met":
        outcome, values = "waived", {**values, "office": waiver.office, "reason": waiver.reason}
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
    """The evaluation of a snapshot. `facts` is what is stored of it; the hash is of that, to outlive new fields."""
    found = findings(snapshot)
    return EvaluationCompleted(
        **head.model_dump(),
        eligible=eligible(found),
        findings=found,
        score=score(snapshot.seen, snapshot.edition.scoring),
        ruleset=snapshot.edition.id,
        snapshot=digest(facts),
        facts=facts,
        preference=preferred(snapshot.seen),
    )


def stored(snapshot: Snapshot) -> Mapping[str, object]:
    """What an event keeps of a snapshot: the facts, and the rule set by its name."""
    return {**snapshot.model_dump(mode="json"), "edition": snapshot.edition.id}


def restored(facts: Mapping[str, object], books: Books) -> Snapshot:
    """The snapshot that an event keeps. Raises KeyError for a rule set nobody recorded, ValueError for a changed one.

    Events of before rule sets were recorded spell theirs out.
    """
    edition = facts["edition"]
    if isinstance(edition, str):
        return Snapshot.model_validate({**facts, "edition": named(edition, books[book_of(edition)])})
    return Snapshot.model_validate(facts)


def replay(event: EvaluationCompleted, books: Books) -> EvaluationCompleted:
    """The same evaluation, made again from what is stored alone (I8). Raises as `restored` does."""
    head = Head.model_validate(event.model_dump(include=set(Head.model_fields)))
    return evaluate(head, restored(event.facts, books), event.facts)
