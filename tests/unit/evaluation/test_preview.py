"""What would be found today, before anybody applied: the same as an evaluation finds, and stored nowhere."""

from datetime import date

import pytest

from services.evaluation.domain.look import Wanted, preview
from shared.kernel.decider import NotYet
from tests.unit.evaluation.cases import NOON, RINA, RULES, changed, evaluated, facts

WANTED = Wanted(person="p-rina", vacancy="v-1", post="", initiative="own")
TODAY = NOON.date()


@pytest.mark.parametrize("changes", [{}, {"service_bond": True}, {"education_level": "30"}, {"performance": {}}])
def test_a_preview_says_what_the_evaluation_will_say(changes: dict[str, object]) -> None:
    known = facts(changed(RINA, **changes))
    said, (event, *_) = preview(RULES, WANTED, TODAY, known), evaluated(known)
    same = {"findings", "score", "eligible", "ruleset", "person"}
    assert said.model_dump(include=same) == event.model_dump(include=same)
    assert (said.case, said.attempt) == ("", 0)


def test_the_rules_are_those_of_the_day() -> None:
    assert preview(RULES, WANTED, date(2025, 6, 30), facts()).ruleset != preview(RULES, WANTED, TODAY, facts()).ruleset


def test_whom_nobody_told_of_cannot_be_looked_at() -> None:
    with pytest.raises(NotYet):
        preview(RULES, WANTED, TODAY, facts(None))
