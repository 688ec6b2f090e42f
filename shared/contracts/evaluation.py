"""What the evaluation tells: may this person move (findings, cited), how well they fit (score, explained)."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen

Outcome = Literal["met", "not_met", "not_applicable", "waived", "unknown"]


class Finding(Frozen):
    """One rule looked at: outcome, refusal code, source with certainty (S, P, C), and the values it compared."""

    rule: str
    outcome: Outcome
    code: str = ""
    citation: str
    certainty: str
    values: Mapping[str, str] = {}
    hard: bool = True


class Factor(Frozen):
    """One part of the score, in hundredths: `raw` as found, `points` = share of 100 times weight; None is missing."""

    name: str
    raw: str
    points: int | None
    weight: int
    source: str
    values: Mapping[str, str] = {}


class Score(Frozen):
    """Weighted mean of the factors that are known, in hundredths of a point out of 100 (0..10000)."""

    total: int
    factors: tuple[Factor, ...]
    missing: tuple[str, ...] = ()


class EvaluationCompleted(Event):
    """The evaluation of one attempt, with the rule set and the snapshot of facts it used (so that it replays)."""

    TYPE: ClassVar[str] = "mutasi.evaluation.completed.v1"
    case: str
    attempt: int
    person: str
    vacancy: str
    eligible: bool
    findings: tuple[Finding, ...]
    score: Score
    ruleset: str
    snapshot: str
    facts: Mapping[str, object] = {}


class EvaluationConfirmed(Event):
    """After `approval.granted`: the rules still hold on fresh facts."""

    TYPE: ClassVar[str] = "mutasi.evaluation.confirmed.v1"
    case: str
    attempt: int
    snapshot: str
    facts: Mapping[str, object] = {}


class EvaluationOverturned(Event):
    """After `approval.granted` or when a fact changed: a hard rule no longer holds."""

    TYPE: ClassVar[str] = "mutasi.evaluation.overturned.v1"
    case: str
    attempt: int
    findings: tuple[Finding, ...]
    snapshot: str
    facts: Mapping[str, object] = {}


class EvaluationClosed(Event):
    """The case ended or came back before the chain was through: this attempt is watched no longer."""

    TYPE: ClassVar[str] = "mutasi.evaluation.closed.v1"
    case: str
    attempt: int


EVENTS = (EvaluationCompleted, EvaluationConfirmed, EvaluationOverturned, EvaluationClosed)
