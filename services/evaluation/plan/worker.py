"""What the solver's own process answers (`process.py` runs it): freezing, solving with the check, and why."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from services.evaluation import rules
from services.evaluation.domain.ruleset import BadRules, edition
from services.evaluation.plan import checker
from services.evaluation.plan.conflict import smallest
from services.evaluation.plan.explain import gains, why, why_not
from services.evaluation.plan.freeze import Material, Snapshot, freeze
from services.evaluation.plan.model import Plan, Problem
from services.evaluation.plan.parts import merge, split
from services.evaluation.plan.rounds.compare import compare
from services.evaluation.plan.rounds.exchanges import arrange
from services.evaluation.plan.rounds.market import market
from services.evaluation.plan.solvers.cpsat import Limits
from services.evaluation.plan.solvers.solve import solve
from services.evaluation.plan.sound import Unsound
from services.evaluation.plan.waves import moves

Question = Mapping[str, Any]
Answer = Mapping[str, Any]


def frozen(question: Question) -> Answer:
    """Freeze the input of a run."""
    material = Material.model_validate(question["material"])
    snapshot = freeze(material, edition(rules.load(), material.on, material.agency))
    found = split(snapshot.problem) if material.scenario.split else {}
    parts = {region: snapshot.model_copy(update={"problem": part, "barred": ()}) for region, part in found.items()}
    return {
        "snapshot": snapshot.model_dump(mode="json"),
        "options": len(snapshot.problem.options.person),
        "parts": {region: part.model_dump(mode="json") for region, part in parts.items()},
    }


def solved(question: Question) -> Answer:
    """Solve and check."""
    problem = Snapshot.model_validate(question["snapshot"]).problem
    return _checked(problem, solve(problem, Limits(seconds=question["seconds"], effort=question["seconds"])))


def merged(question: Question) -> Answer:
    """Put the plans of the parts together, and check the whole."""
    problem = Snapshot.model_validate(question["snapshot"]).problem
    return _checked(problem, merge(problem, [Plan.model_validate(plan) for plan in question["plans"]]))


def _checked(problem: Problem, plan: Plan) -> Answer:
    """A plan in which the checker finds anything is not handed out."""
    faults = checker.check(problem, plan)
    if faults:
        return {"ok": False, "code": "CHECK_FAILED", "faults": [" ".join(fault) for fault in faults]}
    stands = smallest(problem) if plan.status == "infeasible" else None
    return {
        "plan": plan.model_dump(mode="json"),
        "moves": [move.model_dump(mode="json") for move in moves(problem, plan)],
        "conflict": stands.model_dump(mode="json") if stands else None,
    }


def explained(question: Question) -> Answer:
    """Why this person, what if, and what more of something would bring."""
    snapshot, plan = Snapshot.model_validate(question["snapshot"]), Plan.model_validate(question["plan"])
    person, seat = question.get("person", ""), question.get("seat", "")
    if not person:
        return {"gains": [gain.model_dump(mode="json") for gain in gains(snapshot.problem, plan)]}
    if person not in {line.person for line in plan.lines}:
        return {"ok": False, "code": "NOT_IN_PLAN"}
    if not seat:
        return {"why": why(snapshot.problem, plan, person).model_dump(mode="json")}
    if seat not in {place.id for place in snapshot.problem.seats}:
        return {"ok": False, "code": "SEAT_UNKNOWN"}
    codes = next((one.codes for one in snapshot.barred if (one.person, one.seat) == (person, seat)), ())
    told = why_not(snapshot.problem, plan, person, seat)
    if told.verdict == "not_eligible" and not codes:
        told = told.model_copy(update={"verdict": "not_asked"})
    return {"why_not": {**told.model_dump(mode="json"), "codes": list(codes)}}


def exchanged(question: Question) -> Answer:
    """The voluntary rounds on the same people, and exchanges of at most so many."""
    problem = Snapshot.model_validate(question["snapshot"]).problem
    done = arrange(market(problem), question["cap"])
    return {
        "rounds": [one.model_dump(mode="json") for one in compare(problem)],
        "exchanges": done.model_dump(mode="json"),
    }


ACTIONS: Mapping[str, Callable[[Question], Answer]] = {
    "freeze": frozen,
    "solve": solved,
    "merge": merged,
    "explain": explained,
    "exchange": exchanged,
}


def answer(question: Question) -> Answer:
    """What comes of a question; bad input is named."""
    started = time.perf_counter()
    try:
        found = ACTIONS[question["action"]](question)
    except Unsound as unsound:
        return {"ok": False, "code": "UNSOUND", "faults": [" ".join(fault) for fault in unsound.faults]}
    except BadRules as bad:
        return {"ok": False, "code": "NO_RULES", "faults": list(bad.problems)}
    except MemoryError:
        return {"ok": False, "code": "MEMORY"}
    return {**found, "milliseconds": round((time.perf_counter() - started) * 1000)}
