"""What evaluation knows of people, and that no evaluation stands against it."""

from shared.contracts.evaluation import EvaluationCompleted
from shared.contracts.registry import Profile
from tests.support.sim.world import World


class FactRules:
    """Whoever is suspended or under process has no evaluation that stands."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.slipped: set[tuple[str, int]] = set()

    def known(self, person: str) -> Profile | None:
        """What evaluation knows of them."""
        copy = self.world.nodes["evaluation"].store.tables.read("fact_employee", person)
        return Profile.model_validate(copy.raw["value"]["profile"]) if copy else None

    def evaluated(self, event: EvaluationCompleted) -> None:
        """News between a decision and its write slips through: nobody can be told who is not open yet, which is what
        the re-check before the decree is for."""
        if event.eligible and self._may_not(event.person):
            self.slipped.add((event.case, event.attempt))

    def _may_not(self, person: str) -> bool:
        profile = self.known(person)
        return profile is not None and (profile.status != "active" or profile.under_process is True)

    def at_rest(self) -> None:
        """Every evaluation that stands was told the newest fact."""
        for case, doc in self.world.nodes["evaluation"].store.tables.seen("evaluations"):
            state = doc.raw["state"]
            if state["open"] and (case, state["attempt"]) not in self.slipped:
                wrong = self._may_not(state["person"])
                self.world.checker.must(not wrong, "facts", f"{case} stands, and {state['person']} may not move")
