"""Stages that run at the same time: quorum, words against, one who cannot be two, and what a file may say of them."""

from copy import deepcopy
from datetime import timedelta
from typing import Any

import pytest
import yaml

from services.approval.deciders import PACKAGED, load
from services.approval.domain import Agency, BadChains, Case, Claim, Decide, Employee, make_cases, parse_chains, task_id
from services.approval.store import Wanted
from shared.contracts.approval import CaseOpened, TaskEscalated, TaskQueued
from shared.contracts.assignments import AssignmentOrdered
from shared.contracts.rosters import RosterApproved, RosterRefused
from shared.contracts.tasks import TaskDropped
from shared.kernel.decider import Actor, Event, Fact
from tests.contract.test_golden import golden
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import actor, office

K9: dict[str, Any] = yaml.safe_load((PACKAGED / "K9.yaml").read_text("utf-8"))
LETTER = AssignmentOrdered.model_validate(golden(AssignmentOrdered))
SENDING = actor("p-sending", office("unit_head", LETTER.origin.unit))
RECEIVING = actor("p-receiving", office("unit_head", LETTER.target.unit))
PPK = actor("p-ppk", office("ppk"))
CHAINS = load()[0]


def begun(chains: Any = CHAINS) -> Bench[Case]:
    """The letter of an emergency, with both heads asked."""
    facts: dict[tuple[type[Fact], str], Fact] = {(Agency, "palu"): Agency(zone="WITA", name="Palu")}
    facts |= {(Employee, person): Employee(relatives=()) for person in LETTER.people}
    case = Bench(make_cases(chains), LETTER.assignment, facts)
    case.tell(LETTER)
    return case


def say(case: Bench[Case], n: int, who: Actor, decision: str = "approve", code: str = "") -> list[Event]:
    """Claim and decide the n-th task."""
    task = task_id(LETTER.assignment, 1, n)
    case.tell(Claim(task=task), who)
    return case.tell(Decide.model_validate({"task": task, "decision": decision, "code": code, "reason": "r"}), who)


def names(events: list[Event]) -> list[str]:
    """What was said, in short."""
    return [event.TYPE.removeprefix("mutasi.").removesuffix(".v1") for event in events]


def chains_with(change: Any) -> Any:
    """The chains, with K9 changed; raises BadChains."""
    content = deepcopy(K9)
    change(content)
    return parse_chains({"K9.yaml": content})


def test_both_heads_are_asked_at_once_each_by_the_clock() -> None:
    case = begun()
    assert names(case.said) == ["case.opened", "task.queued", "task.queued"]
    opened, first, second = case.said
    assert isinstance(opened, CaseOpened)
    assert (opened.person, opened.partners, opened.roster) == ("", LETTER.people, "emergency")
    for queued, unit in ((first, LETTER.origin.unit), (second, LETTER.target.unit)):
        assert isinstance(queued, TaskQueued)
        assert (queued.office, queued.unit, queued.due) == ("unit_head", unit, NOW + timedelta(hours=72))
    assert case.tell(LETTER) == [], "a repeat says nothing"


@pytest.mark.parametrize("order", [((1, SENDING), (2, RECEIVING)), ((2, RECEIVING), (1, SENDING))])
def test_the_authority_is_asked_once_both_agreed_in_any_order(order: tuple[tuple[int, Actor], ...]) -> None:
    case = begun()
    assert names(say(case, *order[0])) == ["task.decided"]
    assert len(case.state.tasks) == 1
    assert names(say(case, *order[1])) == ["task.decided", "task.queued"]
    said = say(case, 3, PPK)
    assert said[-1] == RosterApproved(
        roster=LETTER.assignment, office="ppk", agency="palu", by="p-ppk", consented=("unit_head", "unit_head")
    )
    assert case.state.status == "granted"
    assert not case.state.tasks


def test_one_refusal_ends_it_and_the_other_task_is_not_left_behind() -> None:
    case = begun()
    said = say(case, 2, RECEIVING, "refuse", "KOMPETENSI_KURANG")
    assert names(said) == ["task.decided", "task.dropped", "roster.refused"]
    assert said[1] == TaskDropped(case=LETTER.assignment, task=task_id(LETTER.assignment, 1, 1), cause="refused")
    assert said[2] == RosterRefused(roster=LETTER.assignment, code="KOMPETENSI_KURANG", reason="r")
    assert not case.state.tasks
    assert not case.decider.timers(case.state)


def test_one_is_enough_where_the_quorum_is_one() -> None:
    case = begun(chains_with(lambda c: c["parallel"][0].update(quorum=1)))
    said = say(case, 2, RECEIVING, "refuse", "KOMPETENSI_KURANG")
    assert names(said) == ["task.decided"], "the other one can still carry it"
    assert names(say(case, 1, SENDING)) == ["task.decided", "task.queued"]
    other = begun(chains_with(lambda c: c["parallel"][0].update(quorum=1)))
    assert names(say(other, 1, SENDING)) == ["task.decided", "task.dropped", "task.queued"]


def test_opinions_need_only_be_heard() -> None:
    def opinions(content: Any) -> None:
        for stage in content["stages"][:2]:
            stage["decision"] = "opinion"

    case = begun(chains_with(opinions))
    assert names(say(case, 1, SENDING, "refuse", "MIN_STAF_ASAL")) == ["task.decided"]
    assert names(say(case, 2, RECEIVING)) == ["task.decided", "task.queued"]


def test_i9_one_person_cannot_be_both_heads_and_nobody_on_the_list_decides() -> None:
    both = actor("p-both", *SENDING.offices, *RECEIVING.offices)
    case = begun()
    say(case, 1, both)
    task = task_id(LETTER.assignment, 1, 2)
    assert outcome(case, Claim(task=task), both) == "DUTIES_NOT_SEPARATE"
    listed = actor(LETTER.people[0], *RECEIVING.offices)
    assert outcome(case, Claim(task=task), listed) == "KONFLIK_KEPENTINGAN"


def test_each_clock_runs_for_itself() -> None:
    """Silence of one head is told while the other one's term is over too; neither decides anything."""
    case = begun()
    timers = case.decider.timers(case.state)
    assert len(timers) == len({timer.id for timer in timers}) == 2
    say(case, 1, SENDING)
    (said,) = case.fire()
    assert isinstance(said, TaskEscalated)
    assert (said.unit, case.state.tasks[0].overdue) == (LETTER.target.unit, True)


def test_a_task_beside_another_stands_in_its_own_queue() -> None:
    place = {("unit_head", "palu", LETTER.target.unit)}
    wanted = Wanted("p-receiving", place, None)
    case = begun()
    first, second = case.state.tasks
    assert not wanted.matches(LETTER.assignment, first.model_dump(mode="json"))
    row = second.model_dump(mode="json")
    assert wanted.matches(LETTER.assignment, row)
    assert not Wanted("p-receiving", place, (row["due"], LETTER.assignment)).matches(LETTER.assignment, row)
    assert Wanted("p-x", None, None).beside()["$or"] == [{"state.beside": {"$elemMatch": {"claimed_by": "p-x"}}}]


def _apart(content: Any) -> None:
    content["stages"].insert(1, {**content["stages"][0], "id": "between", "together": ""})


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["parallel"].pop(), "together names heads, which parallel does not: add it with its quorum"),
        (
            lambda c: c["parallel"][0].update(quorum=3),
            "parallel heads: quorum 3 of 2 stages is never reached",
        ),
        (lambda c: c["stages"].pop(1), "parallel heads: at least two stages next to each other must name it"),
        (_apart, "parallel heads: at least two stages next to each other must name it"),
        (lambda c: c["stages"][1].update(also_by=["sending_head"]), "which runs at the same time: two people decide"),
        (lambda c: c["stages"][2].update(together="heads"), "stand alone: take together back"),
        (lambda c: c["stages"][0].update({"return": ["DATA"]}), "a list of people is approved or refused"),
        (lambda c: c["stages"][0]["term"].update(working_days=3), "give either working_days or hours"),
        (lambda c: c["stages"][0]["term"].pop("hours"), "give either working_days or hours"),
        (lambda c: c["parallel"][0].pop("citation"), "parallel 1 (heads), citation: Field required"),
    ],
)
def test_what_is_wrong_with_them_is_said_at_the_start(change: Any, says: str) -> None:
    with pytest.raises(BadChains) as found:
        chains_with(change)
    assert says in found.value.problems[0]
