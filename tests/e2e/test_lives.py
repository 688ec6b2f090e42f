"""A Hypothesis state machine against the running proposal and approval services: whoever wants whatever of a case over
HTTP, only what the table of the lifecycle allows comes of it, and what is refused changes nothing."""

import uuid
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx
import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from services.proposal.domain.lifecycle import ALIVE, Status
from tests.e2e.wants import STARTS, WANTS, leads
from tests.support.region import CHAIN, WISH, Region

pytest_plugins = ("tests.support.running",)
pytestmark = [pytest.mark.e2e, pytest.mark.wide, pytest.mark.timeout(900)]
OFFICE = "palu-personnel-verifier"
NURSE = {"education_field": "nursing", "education_level": "30"}
OUTCOMES = {"approve": {"submitted", "approved"}, "return": {"returned"}, "refuse": {"submitted", "refused"}}
HEARD = (("agree", "person"), ("talk", "person"), ("confirm", "person"), ("confirm", "office"))


@dataclass(frozen=True)
class World:
    """Where the machine runs, whose wish it is, the state it begins in, and who has no part in it."""

    region: Region
    kind: str
    start: Status
    stranger: str


class Life(RuleBasedStateMachine):
    """One person with up to two cases. Each step begins at rest, so that whatever is different after it came of it."""

    world: ClassVar[World]
    cases: Bundle[str] = Bundle("cases")

    def __init__(self) -> None:
        super().__init__()
        self.region, self.kind = self.world.region, self.world.kind
        self.person = self.region.colleague(**(NURSE if self.kind == "unfit" else {}))
        self.logins = {"person": self.person, "office": OFFICE, "stranger": self.world.stranger}
        self.speaker = "office" if self.kind == "agency" else "person"
        self.vacancy = self.region.vacancy(quota=3)
        self.all: list[str] = []

    # -- what may be seen --------------------------------------------------------------------------------------------

    def rest(self, case: str) -> tuple[dict[str, Any], dict[str, Any]]:
        """The proposal, and while a task waits the chain, once nothing is on its way any more: what was withdrawn may
        be decided for a moment, until the chain has heard of it."""

        def there() -> tuple[dict[str, Any], dict[str, Any]] | None:
            seen = self.region.get(self.person, "proposal", f"/v1/proposals/{case}")
            answer = self.region.ask(self.person, "GET", "approval", f"/v1/cases/{case}")
            chain = answer.json() if answer.is_success else {}
            if seen["status"] != "submitted":
                return None if chain.get("task") else (seen, {})
            turn = chain.get("task") and chain["attempt"] == seen["attempt"]
            return (seen, chain) if turn and seen["reserved"] else None

        return self.region.until(f"{case} comes to rest", there)

    def other_open(self, case: str) -> bool:
        """Whether the person has another open case: then this one cannot be handed in."""
        return any(self.rest(one)[0]["status"] in ALIVE for one in self.all if one != case)

    def ways(self, case: str) -> list[tuple[str, str]]:
        """What must be taken from whom, as the case stands."""
        seen, me = self.rest(case)[0], self.speaker
        own, status = me == "person", seen["status"]
        hands_in = [("submit", me)] if own and not self.other_open(case) else []
        found: dict[str, list[tuple[str, str]]] = {
            "draft": [*hands_in, ("revise", me), ("withdraw", me), *([] if own else [("announce", me)])],
            "announced": [("agree", "person"), ("concern", "person"), ("talk", "person"), ("withdraw", me)],
            "submitted": [("withdraw", me)],
            "returned": [*hands_in, ("revise", me), ("withdraw", me)],
            "refused": [("contest", "person")] if seen["contestable"] else [],
            "contested": [("uphold", "office")] if own else [],
        }
        return found.get(status, [])

    # -- what is done ------------------------------------------------------------------------------------------------

    @initialize(target=cases)
    def first(self) -> str:
        """There is a case from the start, in the state that these examples are about."""
        case = self._drafted()
        for step in STARTS[self.kind][self.world.start]:
            self._go(case, step)
        assert self.rest(case)[0]["status"] == self.world.start
        return case

    @precondition(lambda self: len(self.all) == 1)
    @rule(target=cases)
    def second(self) -> str:
        """Another draft beside it."""
        return self._drafted()

    @rule(
        case=cases,
        name=st.sampled_from(sorted(WANTS)),
        who=st.sampled_from(("person", "office", "stranger")),
        replica=st.sampled_from((0, 1)),
    )
    def anything(self, case: str, name: str, who: str, replica: int) -> None:
        """Anybody wants anything, of either replica."""
        self._tell(case, name, who, replica)

    @rule(case=cases, number=st.integers(0, 5))
    def goes_on(self, case: str, number: int) -> None:
        """Something that must be taken; what is drawn never depends on what the system said."""
        if ways := self.ways(case):
            self._tell(case, *ways[number % len(ways)])

    @rule(case=cases)
    def heard_out(self, case: str) -> None:
        """The person was told, speaks and is answered; then the agency hands in."""
        if self.rest(case)[0]["status"] != "announced" or self.other_open(case):
            return
        for name, who in HEARD:
            self._tell(case, name, who)
        for number, concern in enumerate(self.rest(case)[0]["voice"]["concerns"], 1):
            if not concern["answer"]:
                self._tell(case, "answer", "office", concern=number)
        assert self._tell(case, "submit", "office").is_success

    @rule(case=cases, word=st.sampled_from(("approve", "return", "refuse")))
    def an_official_decides(self, case: str, word: str) -> None:
        """Whoever holds the office whose turn it is; where it is nobody's turn it is refused."""
        self._decided(case, word)

    @rule(case=cases)
    def all_officials_approve(self, case: str) -> None:
        """Up to the approval."""
        while self.rest(case)[0]["status"] == "submitted":
            self._decided(case, "approve")

    @rule(case=cases, who=st.sampled_from(("person", "stranger")), way=st.sampled_from(("claim", "decide")))
    def somebody_else_decides(self, case: str, who: str, way: str) -> None:
        """It is not their task: nothing comes of it."""
        before, task = self.rest(case), self._task(case)
        body = {"decision": "approve", "take": True} if way == "decide" else None
        answer = self.region.ask(self.logins[who], "POST", "approval", f"/v1/tasks/{task}/{way}", body)
        assert 400 <= answer.status_code < 500, answer.text
        assert self.rest(case) == before

    @invariant()
    def one_open_case(self) -> None:
        """A person has one open case at most, as their own list says."""
        items = self.region.get(self.person, "proposal", "/v1/proposals")["items"]
        assert {one["id"] for one in items} == set(self.all)
        assert sum(one["status"] in ALIVE for one in items) <= 1

    # -- how ---------------------------------------------------------------------------------------------------------

    def _drafted(self) -> str:
        login, key = self.logins[self.speaker], uuid.uuid4().hex
        wish = {**WISH, "vacancy": self.vacancy}
        if self.kind == "agency":
            person = self.region.get(self.person, "registry", "/v1/me")["person"]
            wish |= {"initiative": "agency", "person": person, "consent": False}

        def made() -> str | None:
            answer = self.region.ask(login, "POST", "proposal", "/v1/proposals", wish, key=key)
            assert answer.is_success or answer.json()["code"] == "NOT_YET", answer.text
            return str(answer.json()["id"]) if answer.is_success else None

        self.all.append(self.region.until("the draft", made))
        return self.all[-1]

    def _go(self, case: str, step: str) -> None:
        """One step of the way to the beginning."""
        if step == "heard":
            self.heard_out(case)
        elif step == "return":
            self._decided(case, step)
        elif step in OUTCOMES:
            while self.rest(case)[0]["status"] == "submitted":
                self._decided(case, step)
        else:
            assert self._tell(case, step, self.speaker).is_success

    def _tell(self, case: str, name: str, who: str, replica: int = 0, **more: object) -> httpx.Response:
        """What came of it is what the table allows; a refusal changed nothing, and was not of what must be taken."""
        want, before, must = WANTS[name], self.rest(case), (name, who) in self.ways(case)
        body = {**want.body, **more}
        body |= {"vacancy": self.vacancy} if name == "revise" else {}
        body |= {"on": str(self.region.now().date())} if name == "talk" else {}
        method, path = "POST" if want.way else "PUT", f"/v1/proposals/{case}{want.way}"
        answer = self.region.ask(self.logins[who], method, "proposal", path, body, replica=replica)
        after, told = self.rest(case), f"{name} by {who} while {before[0]['status']}: {answer.text}"
        allowed = leads(before[0]["status"], want)
        if answer.is_error or not allowed:
            assert answer.is_success or 400 <= answer.status_code < 500, told
            assert after == before, told
            assert not (answer.is_error and must), told
        else:
            assert after[0]["status"] in allowed, told
        return answer

    def _task(self, case: str) -> str:
        """The one that waits, or the first one where none does."""
        return str((self.rest(case)[1].get("task") or {}).get("task", f"{case}.1.1"))

    def _decided(self, case: str, word: str) -> None:
        before, chain = self.rest(case)
        stage = chain["task"]["stage"] if chain else "direct_superior"
        body: dict[str, object] = {"decision": word, "take": True}
        if word != "approve":
            codes = next((one["refuse"] for one in chain.get("plan", ()) if one["id"] == stage), ["KINERJA_KURANG"])
            body |= {"code": codes[0] if word == "refuse" else "BERKAS_TIDAK_LENGKAP", "reason": "SKP belum ada"}
        path = f"/v1/tasks/{self._task(case)}/decide"
        answer = self.region.ask(CHAIN[stage], "POST", "approval", path, body)
        after = self.rest(case)[0]
        if chain:
            assert answer.is_success, answer.text
            assert after["status"] in OUTCOMES[word]
        else:
            assert 400 <= answer.status_code < 500, answer.text
            assert after == before


@pytest.mark.parametrize(("kind", "start"), [(kind, start) for kind, starts in STARTS.items() for start in starts])
def test_whatever_is_wanted_only_what_the_table_allows_comes_of_it(region: Region, kind: str, start: Status) -> None:
    class Lives(Life):
        pass

    Lives.world = World(region, kind, start, region.colleague())
    few = settings(
        max_examples=3,
        stateful_step_count=6,
        derandomize=True,
        database=None,
        deadline=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(Lives, settings=few)
