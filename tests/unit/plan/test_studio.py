"""The plan from its first scenario to its last wave, and everything that is refused on the way."""

from datetime import timedelta
from typing import Any

from services.evaluation.plan.studio.commands import (
    Adopt,
    AnswerComment,
    CancelRun,
    Comment,
    CreatePlan,
    OpenConsultation,
    RunScenario,
    SetScenario,
)
from services.evaluation.plan.studio.orders import FREEZE, MERGE, SOLVE
from services.evaluation.plan.studio.parts import PARTS
from services.evaluation.plan.studio.plans import PLANS, case_of
from services.evaluation.plan.studio.state import Studio
from shared.contracts.plan import (
    PlanPartQueued,
    PlanPartSolved,
)
from shared.contracts.scenario import (
    Scenario,
)
from shared.kernel.decider import WorkDone
from tests.unit.plan.play import BODY, COMPUTED, LATER, MOVES, NOW, Play, adopted, computed, consulting
from tests.unit.proposal.bench import Bench


def test_everybody_whom_the_plan_moves_is_told_when_the_consultation_opens() -> None:
    opened, *told = computed().do(OpenConsultation(name="base", until=LATER, result="r" * 64, moves=MOVES))
    assert opened.TYPE == "mutasi.plan.consultation_opened.v1"
    about = {"plan": "plan-1", "agency": "palu", "title": "t", "reason": "need", "until": LATER}
    assert [event.model_dump() for event in told] == [
        {**about, "case": case_of("plan-1", "ani"), "person": "ani", "post": "b"},
        {**about, "case": case_of("plan-1", "budi"), "person": "budi", "post": "a"},
    ]


def test_a_run_is_two_pieces_of_work_and_the_second_starts_from_what_the_first_froze() -> None:
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=BODY))
    assert PLANS.work(play.state) == ()
    play.do(RunScenario(name="base"))
    (work,) = PLANS.work(play.state)
    assert (work.kind, work.id) == (FREEZE, "freeze-1")
    play.done(snapshot="s" * 64, ruleset="x", persons=2, options=3)
    (work,) = PLANS.work(play.state)
    assert (work.kind, work.id) == (SOLVE, "solve-1")
    assert work.data.model_dump()["snapshot"] == "s" * 64
    play.done(**COMPUTED)
    assert PLANS.work(play.state) == ()
    assert play.state.scenarios["base"].outcome == "optimal"


PARTED = ({"region": "east", "snapshot": "e" * 64}, {"region": "west", "snapshot": "w" * 64})


def _split() -> tuple[Play, list[PlanPartQueued]]:
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=BODY.model_copy(update={"split": True})))
    play.do(RunScenario(name="base"))
    events = play.done(snapshot="s" * 64, ruleset="x", persons=2, options=3, parts=PARTED)
    return play, [event for event in events if isinstance(event, PlanPartQueued)]


def _solved(order: PlanPartQueued, **outcome: Any) -> PlanPartSolved:
    """A part from its order to its end."""
    part = Bench(PARTS, order.part, {})
    assert [event.TYPE for event in part.tell(order)] == ["mutasi.plan.part_begun.v1"]
    assert part.tell(order) == []
    (work,) = PARTS.work(part.state)
    assert (work.kind, work.data.model_dump()["snapshot"]) == (SOLVE, order.snapshot)
    done = WorkDone(id=work.id, kind=work.kind, ok="code" not in outcome, outcome=outcome)
    (event,) = part.tell(done)
    assert PARTS.work(part.state) == ()
    assert part.tell(done) == []
    assert isinstance(event, PlanPartSolved)
    return event


def test_a_split_run_is_solved_part_by_part_and_put_together_when_the_last_has_come() -> None:
    play, orders = _split()
    assert [(order.key, order.region) for order in orders] == [("plan-1.1.1", "east"), ("plan-1.1.2", "west")]
    first, last = (_solved(order, result=order.region * 16, worker="e-1") for order in orders)
    assert PLANS.work(play.state) == ()
    assert len(play.do(last)) == 1
    assert play.do(last) == []
    assert PLANS.work(play.state) == ()
    play.do(first)
    (work,) = PLANS.work(play.state)
    assert (work.kind, work.data.model_dump()["results"]) == (MERGE, ("east" * 16, "west" * 16))
    play.done(**COMPUTED)
    assert play.state.scenarios["base"].outcome == "optimal"


def test_a_part_that_fails_ends_the_run_and_the_others_come_too_late() -> None:
    play, orders = _split()
    play.do(_solved(orders[0], code="MEMORY", ok=False))
    assert (play.state.scenarios["base"].status, play.state.scenarios["base"].code) == ("failed", "MEMORY")
    assert play.do(_solved(orders[1], result="r")) == []
    play, orders = _split()
    play.do(CancelRun(name="base"))
    assert play.do(_solved(orders[0], result="r")) == []


def test_the_result_of_a_cancelled_run_is_not_heard() -> None:
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=BODY))
    play.do(RunScenario(name="base"))
    (late,) = PLANS.work(play.state)
    play.do(CancelRun(name="base"))
    assert PLANS.work(play.state) == ()
    assert play.do(WorkDone(id=late.id, kind=late.kind, outcome={"snapshot": "s", "ruleset": "x"})) == []
    play.do(RunScenario(name="base"))
    assert PLANS.work(play.state)[0].id == "freeze-2"
    assert play.do(WorkDone(id=late.id, kind=late.kind, outcome={"snapshot": "s", "ruleset": "x"})) == []


def test_a_run_that_fails_says_what_is_wrong() -> None:
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=BODY))
    play.do(RunScenario(name="base"))
    play.done(ok=False, code="UNSOUND", faults=("NEED_WITHOUT_POST u",))
    track = play.state.scenarios["base"]
    assert (track.status, track.code, track.faults) == ("failed", "UNSOUND", ("NEED_WITHOUT_POST u",))


def test_scenarios_stand_side_by_side_and_writing_one_anew_forgets_its_run() -> None:
    play = computed()
    play.do(SetScenario(name="other", scenario=BODY))
    assert PLANS.answer(play.state)["scenarios"]["base"]["result"]
    play.do(SetScenario(name="base", scenario=BODY))
    assert play.state.scenarios["base"].result == ""
    assert play.refused(RunScenario(name="nowhere")) == "SCENARIO_UNKNOWN"
    assert play.refused(CancelRun(name="base")) == "RUN_NOT_UNDER_WAY"
    assert play.refused(SetScenario(name="x", scenario=Scenario(needs=()))) == "NEEDS_MISSING"


def test_those_concerned_comment_and_are_answered_before_the_plan_is_adopted() -> None:
    play = consulting()
    assert play.refused(Comment(text="no"), "citra") == "NOT_IN_PLAN"
    play.do(Comment(text="I do not know the software"), "ani")
    assert play.refused(Adopt(), "ppk") == "CONSULTATION_OPEN"
    play.now = LATER
    assert play.refused(Comment(text="late"), "ani") == "CONSULTATION_CLOSED"
    assert play.refused(Adopt(), "ppk") == "COMMENTS_UNANSWERED"
    assert play.refused(AnswerComment(comment=7, text="?")) == "COMMENT_UNKNOWN"
    play.do(AnswerComment(comment=1, text="Training is planned before the date"))
    play.do(Adopt(), "ppk")
    assert play.state.status == "adopted"
    assert play.refused(SetScenario(name="new", scenario=BODY)) == "PLAN_ADOPTED"


def test_a_consultation_is_of_a_computed_plan_and_lasts() -> None:
    play = Play()
    play.do(CreatePlan(agency="palu", title="t", purpose="p", expected_result="e"))
    play.do(SetScenario(name="base", scenario=BODY))
    soon = OpenConsultation(name="base", until=NOW + timedelta(hours=1), result="r" * 64, moves=MOVES)
    assert play.refused(soon) == "NO_PLAN_YET"
    assert play.refused(Adopt()) == "NOT_CONSULTED"
    play = computed()
    assert play.refused(soon) == "CONSULTATION_SHORT"
    other = soon.model_copy(update={"result": "0" * 64, "until": LATER})
    assert play.refused(other) == "NO_PLAN_YET"


def test_a_plan_anew_starts_from_what_people_were_told() -> None:
    play = consulting()
    assert play.refused(SetScenario(name="base", scenario=BODY)) == "SCENARIO_TOLD"
    play.do(SetScenario(name="again", scenario=BODY.model_copy(update={"after": "base"})))
    play.do(RunScenario(name="again"))
    (work,) = PLANS.work(play.state)
    assert [move["person"] for move in work.data.model_dump()["told"]] == ["ani", "budi"]


def test_the_state_survives_its_json() -> None:
    state = adopted().state
    assert Studio.model_validate_json(state.model_dump_json()) == state
