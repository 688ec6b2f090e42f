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
    """Weighted mean of the factors that are known, in hundredths of a point out of 100 (0..10000).

    `missing` have no data; `spared` are not weighed because the vacancy is for development.
    """

    total: int
    factors: tuple[Factor, ...]
    missing: tuple[str, ...] = ()
    spared: tuple[str, ...] = ()


class Preference(Frozen):
    """The place of what is offered in the person's own order of `of` preferences; 0 where it is none of them."""

    rank: int
    of: int


class RulesetRecorded(Event):
    """The first cases under a rule set spell it out; all others name it by `ruleset`, the hash of `content`."""

    TYPE: ClassVar[str] = "mutasi.ruleset.recorded.v1"
    case: str
    ruleset: str
    content: Mapping[str, object]


class EvaluationCompleted(Event):
    """The evaluation of one attempt, with the facts it saw and the rule set by its name (so that it replays).

    `ruleset` is the day of the rules and the hash of the rule set (`ruleset.recorded`).
    """

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
    group: str = ""  # in a swap or chain it stays watched until the proposal is approved
    ranked: bool = False  # it takes part in the ranking of its vacancy, and waits for it
    preference: Preference | None = None  # None where the person told no order


class DatumAsked(Event):
    """A hard rule could not be examined for want of data: `office` is asked to supply them. `data` by their names."""

    TYPE: ClassVar[str] = "mutasi.evaluation.datum_asked.v1"
    case: str
    attempt: int
    person: str
    data: tuple[str, ...]
    rules: tuple[str, ...]
    office: str
    agency: str
    unit: str


class EvaluationWaived(Event):
    """Somebody who may, waived a rule for this case, with the reason; it holds for moves into that office's agency."""

    TYPE: ClassVar[str] = "mutasi.evaluation.waived.v1"
    case: str
    rule: str
    office: str
    agency: str
    by: str
    reason: str


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


EVENTS = (
    RulesetRecorded,
    EvaluationCompleted,
    DatumAsked,
    EvaluationWaived,
    EvaluationConfirmed,
    EvaluationOverturned,
    EvaluationClosed,
)
