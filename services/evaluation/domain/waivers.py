"""Waiving a rule for one case: who may, and with what reason. Pure."""

from collections.abc import Iterable
from datetime import date
from typing import Annotated

from pydantic import StringConstraints

from services.evaluation.domain.judge import Waiver
from services.evaluation.domain.ruleset import Rule, Ruleset
from shared.contracts.evaluation import EvaluationWaived
from shared.contracts.proposal import Human
from shared.kernel.decider import Actor, Command, Event, Message, Office, Refused, judged_on


class Waive(Command):
    """Waive a rule for this case before it is judged, with the reason (a decree's number, a consent)."""

    rule: str
    reason: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


def may_waive(rule: Rule, actor: Actor, on: date) -> Office | None:
    """The office, of those held on the day, by which the rule may be waived; None if there is none."""
    today = (held for held in actor.offices if held.since <= on and (held.until is None or on < held.until))
    return next((held for held in today if held.office in rule.waivable_by), None)


def waive(ruleset: Ruleset, case: str, waived: Iterable[Waiver], command: Waive, message: Message) -> list[Event]:
    """Raises Refused for a rule that is not there or that no office of the caller may waive."""
    rule, actor = ruleset.rules.get(command.rule), message.actor
    if rule is None:
        raise Refused("UNKNOWN_RULE", where="rule", status=404)
    office = may_waive(rule, actor, judged_on(message.time)) if actor else None
    if actor is None or office is None:
        raise Refused("RULE_NOT_WAIVABLE", where="rule", status=403, by=", ".join(rule.waivable_by) or "-")
    if any(waiver.rule == rule.id for waiver in waived):
        return []
    return [
        EvaluationWaived(
            case=case,
            rule=rule.id,
            office=office.office,
            agency=office.agency,
            by=actor.person,
            reason=command.reason,
        )
    ]


def by_human(case: str, waived: Iterable[Waiver], human: Human | None) -> list[EvaluationWaived]:
    """What a human decided against the system when they reopened the case: these rules are waived for it."""
    if human is None:
        return []
    known = {waiver.rule for waiver in waived}
    about = human.model_dump(include={"office", "agency", "by", "reason"})
    fresh = (rule for rule in dict.fromkeys(human.rules) if rule not in known)
    return [EvaluationWaived(case=case, rule=rule, **about) for rule in fresh]
