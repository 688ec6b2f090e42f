"""An evaluation in plain words, Indonesian or English, made at the edge from codes; called by the API."""

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache
from importlib.resources import files
from typing import Literal

import yaml
from babel.dates import format_date
from pydantic import BaseModel, ConfigDict

from services.evaluation.domain.ruleset import Ruleset
from shared.contracts.evaluation import EvaluationCompleted, Factor, Finding

Language = Literal["id", "en"]
Words = Mapping[str, Mapping[str, Mapping[str, str]]]


class _Shown(BaseModel):
    model_config = ConfigDict(frozen=True)


class Remedy(_Shown):
    """What a code says, and how it is mended."""

    code: str
    text: str
    mend: str


class RuleRow(_Shown):
    """One rule: outcome, what was compared, and where it stands."""

    rule: str
    title: str
    outcome: str
    outcome_text: str
    hard: bool
    text: str
    remedy: Remedy | None
    citation: str
    certainty: str
    certainty_text: str
    values: Mapping[str, str]
    waivable_by: tuple[str, ...]


class FactorRow(_Shown):
    """One factor: raw value, scale, weight, and points in hundredths (None: no data)."""

    name: str
    title: str
    raw: str
    scale: str
    share: str
    weight: int
    points: int | None
    source: str


class Explanation(_Shown):
    """The whole explanation. `score` is in hundredths of a point of 100; `standing` is what came of it."""

    case: str
    attempt: int
    language: Language
    standing: Literal["completed", "confirmed", "overturned"] = "completed"
    eligible: bool
    score: int
    paragraph: str
    factors: tuple[FactorRow, ...]
    rules: tuple[RuleRow, ...]
    ruleset: str
    snapshot: str


@cache
def words() -> Words:
    """The packaged words, with the sentences of texts.yaml. Raises OSError, yaml.YAMLError."""
    here = files(__package__)
    read: dict[str, Mapping[str, Mapping[str, str]]]
    read = yaml.safe_load(here.joinpath("words.yaml").read_text("utf-8"))
    texts = yaml.safe_load(here.joinpath("texts.yaml").read_text("utf-8"))
    read["refusals"] = {code: {name: text[name] for name in ("id", "en")} for code, text in texts.items()}
    read["remedies"] = {code: text["mend"] for code, text in texts.items()}
    return read


class Voice:
    """Says things in one language."""

    def __init__(self, words: Words, language: Language) -> None:
        self._words, self.language = words, language

    def say(self, group: str, name: str, **values: object) -> str:
        """The sentence, filled; a name nobody gave words for is shown as it is."""
        entry = self._words[group].get(name)
        return name if entry is None else entry[self.language].format(**values)

    def value(self, text: str) -> str:
        """A value as people read it: days written out, codes in words, also within a list."""
        return ", ".join(self._one(part) for part in text.split(", "))

    def _one(self, text: str) -> str:
        try:
            return format_date(date.fromisoformat(text), format="long", locale=self.language)
        except ValueError:
            name, _, level = text.rpartition(" ")
            return f"{self.say('competences', name)} {level}" if name else self.say("values", text)

    def change(self, kind: str, what: str, before: str, after: str) -> str:
        """One change that a person can make."""
        shown = {"what": self.say("competences", what), "before": self.value(before), "after": self.value(after)}
        return self.say("changes", kind, **shown)

    def points(self, hundredths: int) -> str:
        """Points of 100 with two decimals, as the language writes them."""
        text = f"{hundredths // 100}.{hundredths % 100:02}"
        return text.replace(".", ",") if self.language == "id" else text


def current(event: EvaluationCompleted, overturned: tuple[Finding, ...]) -> EvaluationCompleted:
    """The evaluation as it stands now: what overturned it takes the place of what was found first."""
    if not overturned:
        return event
    return event.model_copy(update={"findings": overturned, "eligible": False})


def explain(event: EvaluationCompleted, rules: Ruleset, words: Words, language: Language) -> Explanation:
    """The explanation of an evaluation."""
    voice = Voice(words, language)
    rows = tuple(rule_row(finding, rules, voice) for finding in event.findings)
    return Explanation(
        case=event.case,
        attempt=event.attempt,
        language=language,
        eligible=event.eligible,
        score=event.score.total,
        paragraph=_paragraph(event, rows, voice),
        factors=tuple(_factor(factor, voice) for factor in event.score.factors),
        rules=rows,
        ruleset=event.ruleset,
        snapshot=event.snapshot,
    )


def rule_row(finding: Finding, rules: Ruleset, voice: Voice) -> RuleRow:
    """One rule in words: what was found, where it stands, and how it is mended."""
    rule = rules.rules.get(finding.rule)
    return RuleRow(
        rule=finding.rule,
        title=getattr(rule.title, voice.language) if rule else finding.rule,
        outcome=finding.outcome,
        outcome_text=voice.say("outcomes", finding.outcome),
        hard=finding.hard,
        text=_sentence(finding, rules, voice),
        remedy=_remedy(finding.code, voice),
        citation=finding.citation,
        certainty=finding.certainty,
        certainty_text=voice.say("certainty", finding.certainty),
        values=finding.values,
        waivable_by=rule.waivable_by if rule else (),
    )


def _sentence(finding: Finding, rules: Ruleset, voice: Voice) -> str:
    if finding.outcome == "unknown":
        holder = voice.say("holders", finding.values["holder"])
        return voice.say("sentences", "unknown", datum=finding.values["datum"], holder=holder)
    if finding.outcome == "not_applicable":
        return voice.say("sentences", "not_applicable")
    rule = rules.rules.get(finding.rule)
    shown = {name: voice.value(value) for name, value in finding.values.items()}
    if rule is None or rule.text.fields - shown.keys():
        return voice.say("sentences", "forgotten")
    text = str(getattr(rule.text, voice.language)).format(**shown)
    if finding.outcome == "waived":
        return voice.say("sentences", "waived", text=text, office=shown["office"], reason=finding.values["reason"])
    return text


def _remedy(code: str, voice: Voice) -> Remedy | None:
    if not code:
        return None
    return Remedy(code=code, text=voice.say("refusals", code), mend=voice.say("remedies", code))


def _factor(factor: Factor, voice: Voice) -> FactorRow:
    return FactorRow(
        name=factor.name,
        title=voice.say("factors", factor.name),
        raw=voice.value(factor.raw),
        scale=_scale(factor.values.get("scale", ""), voice),
        share=factor.values.get("share", ""),
        weight=factor.weight,
        points=factor.points,
        source=voice.say("sources", factor.source),
    )


def _scale(text: str, voice: Voice) -> str:
    """What makes a full share, with the codes in words: "good 80" is a code and its points."""
    return ", ".join(" ".join(voice.value(word) for word in part.split(" ")) for part in text.split(", "))


def _paragraph(event: EvaluationCompleted, rows: Iterable[RuleRow], voice: Voice) -> str:
    failed = [row for row in rows if row.outcome in ("not_met", "unknown")]
    blocking = "; ".join(f"{row.title} ({row.rule})" for row in failed if row.hard)
    warnings = "; ".join(f"{row.title} ({row.rule})" for row in failed if not row.hard)
    numbers = {
        "rules": len(event.findings),
        "met": sum(finding.outcome in ("met", "waived") for finding in event.findings),
        "other": sum(finding.outcome == "not_applicable" for finding in event.findings),
    }
    verdict = "eligible" if event.eligible else "refused"
    said = [voice.say("paragraph", verdict, blocking=blocking, **numbers)]
    if warnings:
        said.append(voice.say("paragraph", "warned", warnings=warnings))
    return " ".join([*said, *_scored(event, voice), voice.say("paragraph", "human")])


def _scored(event: EvaluationCompleted, voice: Voice) -> list[str]:
    known = ", ".join(
        f"{voice.say('factors', factor.name)} {voice.points(factor.points)}/{factor.weight}"
        for factor in event.score.factors
        if factor.points is not None
    )
    said = [voice.say("paragraph", "unscored")]
    if known:
        said = [voice.say("paragraph", "scored", total=voice.points(event.score.total), factors=known)]
    if event.score.missing:
        names = ", ".join(voice.say("factors", name) for name in event.score.missing)
        said.append(voice.say("paragraph", "missing", factors=names))
    if event.score.spared:
        names = ", ".join(voice.say("factors", name) for name in event.score.spared)
        said.append(voice.say("paragraph", "spared", factors=names))
    return said
