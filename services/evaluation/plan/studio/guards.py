"""What several decisions about a plan ask first."""

from services.evaluation.plan.studio.state import Studio, Track
from shared.kernel.decider import Message, Refused


def by(message: Message) -> str:
    """Who acts."""
    return message.actor.person or message.actor.login if message.actor else ""


def drafting(state: Studio) -> None:
    """Raises Refused NOT_FOUND or PLAN_ADOPTED for a plan that cannot be changed."""
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    if state.status == "adopted":
        raise Refused("PLAN_ADOPTED")


def track_of(state: Studio, name: str) -> Track:
    """A scenario. Raises Refused SCENARIO_UNKNOWN."""
    track = state.scenarios.get(name)
    if track is None:
        raise Refused("SCENARIO_UNKNOWN", status=404, where="name", name=name)
    return track
