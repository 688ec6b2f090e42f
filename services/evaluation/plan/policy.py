"""Who may do what with a plan (domain rule R55): route name -> rule; a route that is not here is denied."""

from services.evaluation.plan.studio.commands import CreatePlan
from services.evaluation.plan.studio.state import Studio
from shared.runtime.service import Asked, Policy

PLANNERS = ("personnel_verifier", "ppk")  # PP 11/2017 ps 190(1): the agency draws up its plan
ADOPTERS = ("ppk",)  # PP 11/2017 ps 191: the appointing authority decides
READERS = (*PLANNERS, "performance_team", "auditor")


def _holds(asked: Asked, offices: tuple[str, ...], agency: str) -> bool:
    return any(asked.actor.holds(office, asked.on, agency) for office in offices)


def creates(asked: Asked) -> bool:
    """A planning office of the agency that the plan is for."""
    return isinstance(asked.command, CreatePlan) and _holds(asked, PLANNERS, asked.command.agency)


def plans(asked: Asked) -> bool:
    """A planning office of the plan's agency."""
    state: Studio = asked.state
    return _holds(asked, PLANNERS, state.agency)


def adopts(asked: Asked) -> bool:
    """The appointing authority (PPK) of the plan's agency."""
    state: Studio = asked.state
    return _holds(asked, ADOPTERS, state.agency)


def reads(asked: Asked) -> bool:
    """Who plans, weighs or audits in the plan's agency."""
    state: Studio = asked.state
    return _holds(asked, READERS, state.agency)


def concerned(asked: Asked) -> bool:
    """Anybody whose login is a person; whether the plan moves them is looked up with it."""
    return bool(asked.actor.person)


def lists(asked: Asked) -> bool:
    """Who holds a reading office anywhere; only plans of those agencies are listed."""
    return any(held.office in READERS for held in asked.actor.offices)


POLICY: Policy = {
    "plan.create": creates,
    "plan.list": lists,
    "plan.read": reads,
    "plan.findings": reads,
    "plan.compare": reads,
    "plan.scenario.set": plans,
    "plan.scenario.read": reads,
    "plan.run": plans,
    "plan.cancel": plans,
    "plan.result": reads,
    "plan.explain": reads,
    "plan.exchange": reads,
    "plan.consult": plans,
    "plan.mine": concerned,
    "plan.comment": concerned,
    "plan.comments": reads,
    "plan.answer": plans,
    "plan.adopt": adopts,
    "plan.publish": adopts,
    "plan.circles": adopts,
    "plan.waves": reads,
    "plan.outcome": reads,
}
