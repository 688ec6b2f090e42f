"""Waiving: who may, with what reason, and that it holds for the agency of the office only."""

from datetime import date

import pytest

from services.evaluation.domain.case import Evaluation
from services.evaluation.domain.waivers import Waive
from services.evaluation.explain import explain, words
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import EvaluationCompleted, EvaluationConfirmed, EvaluationWaived
from shared.contracts.proposal import Human
from shared.contracts.ranking import EvaluationRanked, RankedLine, RankingPublished
from shared.kernel.decider import Actor, Event, Message, Office, Refused
from tests.unit.evaluation.cases import (
    DECIDER,
    DUKCAPIL,
    NOON,
    RINA,
    RULES,
    changed,
    decide,
    evaluated,
    facts,
    submission,
)

PROMISED = facts(changed(RINA, committed_until=date(2030, 1, 1)))
WISH = Waive(rule="R19", reason="Persetujuan PPK nomor 901")


def who(office: str = "ppk", agency: str = "palu", until: date | None = None) -> Actor:
    held = Office(office=office, agency=agency, since=date(2026, 1, 1), until=until)
    return Actor(login="ppk", person="p-901", offices=(held,))


def waived(wish: Waive = WISH, actor: Actor | None = None, state: Evaluation | None = None) -> list[Event]:
    message = Message(wish, "m", NOON, actor or who())
    return DECIDER.decide(state or DECIDER.initial("c-1"), message, PROMISED)


def after(events: list[Event]) -> Evaluation:
    state = DECIDER.initial("c-1")
    for event in events:
        state = DECIDER.evolve(state, event)
    return state


def test_a_waived_rule_does_not_refuse_and_says_who_and_why() -> None:
    (said,) = waived()
    assert isinstance(said, EvaluationWaived)
    assert (said.rule, said.office, said.agency, said.by) == ("R19", "ppk", "palu", "p-901")
    (event,), state = decide(after([said]), submission(), PROMISED)
    assert isinstance(event, EvaluationCompleted)
    assert event.eligible
    row = next(row for row in explain(event, RULES, words(), "en").rules if row.rule == "R19")
    assert row.outcome == "waived"
    assert row.text.startswith("Waived by appointing authority (PPK): Persetujuan PPK nomor 901. No own request")
    (again,), _ = decide(state, ApprovalGranted(case="c-1", attempt=1), PROMISED)
    assert isinstance(again, EvaluationConfirmed)


def test_without_it_the_rule_refuses() -> None:
    (event,), _ = decide(DECIDER.initial("c-1"), submission(), PROMISED)
    assert isinstance(event, EvaluationCompleted)
    assert [f.rule for f in event.findings if f.outcome == "not_met"] == ["R19"]


def test_another_agency_waives_nothing_here() -> None:
    (event,), _ = decide(after(waived(actor=who(agency="binjai"))), submission(), PROMISED)
    assert isinstance(event, EvaluationCompleted)
    assert not event.eligible


def test_a_rule_that_is_met_stays_met() -> None:
    (event,), _ = decide(after(waived()), submission(), facts())
    assert isinstance(event, EvaluationCompleted)
    assert {f.rule: f.outcome for f in event.findings}["R19"] == "not_applicable"


def test_twice_is_once() -> None:
    assert waived(state=after(waived())) == []


@pytest.mark.parametrize(
    ("wish", "actor", "code"),
    [
        (Waive(rule="R99", reason="x"), who(), "UNKNOWN_RULE"),
        (Waive(rule="R13F", reason="x"), who(), "RULE_NOT_WAIVABLE"),
        (WISH, who("unit_head"), "RULE_NOT_WAIVABLE"),
        (WISH, who(until=date(2026, 11, 23)), "RULE_NOT_WAIVABLE"),
    ],
)
def test_refused(wish: Waive, actor: Actor, code: str) -> None:
    with pytest.raises(Refused) as refused:
        waived(wish, actor)
    assert refused.value.code == code


def test_too_late_once_it_is_judged() -> None:
    _, state = decide(DECIDER.initial("c-1"), submission(), facts())
    with pytest.raises(Refused, match="ALREADY_EVALUATED"):
        waived(state=state)


def test_what_a_human_decided_otherwise_is_waived_with_their_name_from_then_on() -> None:
    """A reopened case (UU 27/2022 ps 10): the named rule is waived by the human, and stays so in the re-check."""
    known = facts(changed(RINA, education_level="30"))
    human = Human(by="p-verifier", office="personnel_verifier", agency="palu", reason="Disetarakan", rules=("EDU",))
    _, refused = evaluated(known)
    again = submission(attempt=2).model_copy(update={"human": human})
    (said, event), state = decide(refused, again, known)
    assert isinstance(said, EvaluationWaived)
    assert (said.rule, said.by) == ("EDU", "p-verifier")
    assert isinstance(event, EvaluationCompleted)
    assert event.eligible
    (finding,) = [one for one in event.findings if one.rule == "EDU"]
    assert (finding.outcome, finding.values["reason"]) == ("waived", "Disetarakan")
    (confirmed,), _ = decide(state, ApprovalGranted(case="c-1", attempt=2), known)
    assert isinstance(confirmed, EvaluationConfirmed)


def test_a_human_waives_nothing_that_nobody_knows() -> None:
    known = facts(changed(RINA, under_process=None))
    human = Human(by="p-verifier", office="personnel_verifier", agency="palu", reason="x", rules=("R13F",))
    _, refused = evaluated(known)
    events, _ = decide(refused, submission(attempt=2).model_copy(update={"human": human}), known)
    assert [event.eligible for event in events if isinstance(event, EvaluationCompleted)] == [False]


def test_who_takes_part_in_a_ranking_hears_their_own_place_once() -> None:
    asked = submission()
    content = asked.content.model_copy(update={"awaits_ranking": True})
    (event,), state = decide(DECIDER.initial("c-1"), asked.model_copy(update={"content": content}), facts())
    assert isinstance(event, EvaluationCompleted)
    assert event.ranked
    mine = RankedLine(rank=2, case="c-1", attempt=1, person="p-rina", score=9156)
    other = RankedLine(rank=1, case="c-2", attempt=1, person="p-dian", score=9900)
    published = RankingPublished(
        vacancy="v-1", placement=DUKCAPIL, title="Analis", version=1, quota=1, cutoff=9900, tie_break=(),
        lines=(other, mine), office="performance_team", agency="palu", unit="", due=NOON,
    )  # fmt: skip
    (told,), _ = decide(state, published, facts())
    assert isinstance(told, EvaluationRanked)
    assert (told.person, told.rank, told.size, told.cutoff) == ("p-rina", 2, 2, 9900)
    later = published.model_copy(update={"lines": (mine.model_copy(update={"attempt": 2}),)})
    assert decide(state, later, facts())[0] == []
