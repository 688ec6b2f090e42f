"""What is unknown is asked of whoever holds it, and only where a hard rule needs it."""

from services.evaluation.domain.asking import holders
from services.evaluation.domain.judge import ORGANISATION
from shared.contracts.evaluation import DatumAsked
from shared.contracts.registry import Profile
from shared.kernel.decider import Event
from tests.unit.evaluation.cases import DECIDER, DUKCAPIL, RINA, RULES, changed, decide, facts, submission


def asked(profile: Profile) -> list[DatumAsked]:
    """The questions that her application causes."""
    events: list[Event] = decide(DECIDER.initial("c-1"), submission(), facts(profile))[0]
    return [event for event in events if isinstance(event, DatumAsked)]


def test_each_desk_is_asked_once_for_all_it_holds() -> None:
    found = asked(changed(RINA, under_process=None, performance={}, service_bond=None, study_assignment=None))
    told = {(one.office, one.agency, one.unit): (one.data, one.rules) for one in found}
    assert told == {
        ("auditor", "palu", ""): (("employee.under_process",), ("R13F",)),
        ("direct_superior", "palu", "setda"): (("employee.performance.2024",), ("R13H",)),
        ("registrar", "palu", ""): (
            ("employee.service_bond", "employee.study_assignment"),
            ("R13I-BOND", "R13I-STUDY"),
        ),
    }


def test_what_the_post_does_not_say_is_asked_where_the_post_is() -> None:
    assert RINA.placement.agency == DUKCAPIL.agency
    assert holders().holders[ORGANISATION].at == "target"


def test_who_can_be_judged_causes_no_question() -> None:
    assert asked(RINA) == []


def test_a_warning_that_cannot_be_examined_asks_nobody() -> None:
    assert asked(changed(RINA, potential=None)) == []


def test_every_holder_that_a_rule_names_has_a_desk() -> None:
    assert {rule.held_by for rule in RULES.rules.values()} | {ORGANISATION} == holders().holders.keys()
