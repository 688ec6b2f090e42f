"""Three people of three units who exchange seats, their cases and their group, and everything that is said between
them: delivered by the routes of the service, in any order that keeps each source's own."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import Any

from services.proposal.consumers import routes
from services.proposal.deciders import CASES, GROUPS
from services.proposal.domain import (
    AcceptGroup,
    Agency,
    Agree,
    AnswerConcern,
    ConfirmTalk,
    Employee,
    OpenGroup,
    ProposeTalk,
    RaiseConcern,
    Submit,
    Vacancy,
)
from services.proposal.store import INDEXES
from shared.contracts.approval import ApprovalGranted
from shared.contracts.evaluation import EvaluationConfirmed
from shared.contracts.plan import PlanCircle, PlanCirclesPublished
from shared.contracts.registry import Placement
from shared.kernel.decider import Actor, Command, Decider, Event, Fact, Facts, Frozen, Message, NotYet, Refused
from shared.runtime.service import Envelope, To
from tests.unit.proposal.bench import NOW
from tests.unit.proposal.kit import actor, office

P, Q, R = "p-p", "p-q", "p-r"
PEOPLE = (P, Q, R)
GROUP = "g-1"
SEATS = {person: Placement(agency="palu", unit=f"u-{person}", post=f"j-{person}") for person in PEOPLE}
OFFICER = actor("p-office", office("personnel_verifier"))
TARGET = Placement(agency="palu", unit="u-v", post="j-v")


class _All(dict[tuple[str, str], Fact | None]):
    """Facts that are all loaded; what nobody told is None."""

    def __contains__(self, _key: object) -> bool:
        return True

    def __missing__(self, _key: tuple[str, str]) -> None:
        return None


def facts() -> _All:
    """Everybody serves, at a seat of their own; one vacancy."""
    known = _All()
    known[Agency.KIND, "palu"] = Agency(zone="WITA")
    known[Vacancy.KIND, "v-1"] = Vacancy(placement=TARGET, closes_on=date(2026, 12, 31))
    for person, seat in SEATS.items():
        known[Employee.KIND, person] = Employee(status="active", placement=seat)
    return known


class Circle:
    """Cases and groups over dictionaries. `said` is everything in order; `ways` holds what is on its way, by source."""

    def __init__(self) -> None:
        self.facts = facts()
        self.states: dict[str, Any] = {}
        self.said: list[Event] = []
        self.ways: dict[tuple[str, str], list[tuple[Decider[Any], Event]]] = defaultdict(list)

    def state(self, decider: Decider[Any], id: str) -> Any:
        """As stored."""
        return self.states.get(id) or decider.initial(id)

    def group(self, id: str = GROUP) -> Any:
        """The group."""
        return self.state(GROUPS, id)

    def case(self, number: int, group: str = GROUP) -> Any:
        """The case of a member, by its place from 1."""
        return self.state(CASES, f"{group}-{number}")

    def tell(self, decider: Decider[Any], id: str, body: Frozen, who: Actor | None = None) -> list[Event]:
        """Decide, judge by the unique index, store; what was said is on its way. Raises Refused, NotYet."""
        message = Message(body=body, id="m", time=NOW, actor=who)
        before = self.state(decider, id)
        events = decider.decide(before, message, Facts(self.facts))
        after = self._evolved(decider, before, events)
        if self._clashes(decider, id, after):
            events = decider.conflict(before, message, "one_open_case")
            after = self._evolved(decider, before, events)
        if events:
            self.states[id] = after
        for event in events:
            self.said.append(event)
            self._send(id, event)
        return events

    @staticmethod
    def _evolved(decider: Decider[Any], state: Any, events: Iterable[Event]) -> Any:
        for event in events:
            state = decider.evolve(state, type(event).model_validate_json(event.model_dump_json()))
        return type(state).model_validate_json(state.model_dump_json())

    def _clashes(self, decider: Decider[Any], id: str, state: Any) -> bool:
        assert INDEXES["cases"][0].unique
        others = (other for key, other in self.states.items() if key != id and hasattr(other, "open"))
        return decider is CASES and state.open and any(o.open and o.person == state.person for o in others)

    def _send(self, source: str, event: Event) -> None:
        for route in routes.by_type.get(event.TYPE, (Event, []))[1]:
            envelope = Envelope("e", event.TYPE, f"proposal/{source}", source, 1, NOW)
            for to in route(event, envelope):
                if isinstance(to, To) and to.decider in (CASES, GROUPS):
                    self.ways[source, to.aggregate].append((to.decider, event))

    def deliver(self, way: tuple[str, str], *, again: bool = False) -> None:
        """The oldest on this way arrives; `again`: and once more, as after a crash before the commit."""
        decider, event = self.ways[way].pop(0)
        self.tell(decider, way[1], event)
        if again and decider is GROUPS:  # a case has its replay window, the group only its own state
            before = self.states.get(way[1])
            assert self.tell(decider, way[1], event) == []
            assert self.states.get(way[1]) == before

    def waiting(self) -> list[tuple[str, str]]:
        """Ways with something on them."""
        return sorted(way for way, events in self.ways.items() if events)

    def settle(self) -> None:
        """Everything arrives."""
        while waiting := self.waiting():
            self.deliver(waiting[0])

    # -- what people and the other services do -----------------------------------------------------------------------

    def ask(self, decider: Decider[Any], id: str, command: Command, who: str) -> str:
        """The code with which it is refused, "" when it is not."""
        try:
            self.tell(decider, id, command, actor(who))
        except Refused as refused:
            return refused.code
        return ""

    def formed(
        self, people: tuple[str, ...] = PEOPLE, vacancy: str = "", group: str = GROUP, **also: tuple[str, ...]
    ) -> None:
        """Opened by the first, agreed by all; `also` by the last letter of the person."""
        command = OpenGroup(people=people, vacancy=vacancy, purpose="bertukar", expected_result="betah")
        self.tell(GROUPS, group, command, actor(people[0]))
        for person in people:
            said = AcceptGroup(reason="dekat keluarga", consent=True, also=also.get(person[-1], ()))
            self.tell(GROUPS, group, said, actor(person))

    def ordered(self, duty: tuple[str, ...], group: str = GROUP) -> None:
        """Opened as a circle of a plan in which these are on duty; the others are asked."""
        posts = tuple(SEATS[person].post for person in (*PEOPLE[1:], PEOPLE[0]))
        orders = tuple("pengaduan naik" if person in duty else "" for person in PEOPLE)
        ring = PlanCircle(group=group, people=PEOPLE, posts=posts, orders=orders)
        told = {"purpose": "rata", "expected_result": "turun", "benefit": "dekat", "training": "dua hari"}
        self.tell(GROUPS, group, PlanCirclesPublished(plan="plan-1", circles=(ring,), by="p-ppk", **told))

    def heard(self, number: int, group: str = GROUP) -> str:
        """A member on duty speaks, agrees and has the talk; then an office hands the case in: how it is refused."""
        case, person = f"{group}-{number}", PEOPLE[number - 1]
        self.ask(CASES, case, RaiseConcern(text="jarak"), person)
        self.tell(CASES, case, AnswerConcern(concern=1, answer="angkutan"), OFFICER)
        self.tell(CASES, case, ProposeTalk(on=NOW.date(), about="tugas"), OFFICER)
        for who in (OFFICER, actor(person)):
            self.tell(CASES, case, ConfirmTalk(talk=1), who)
        self.ask(CASES, case, Agree(), person)
        try:
            self.tell(CASES, case, Submit(), OFFICER)
        except Refused as refused:
            return refused.code
        return ""

    def answered(self, number: int, group: str = GROUP) -> None:
        """The chain of this member's case is through and the rules still hold."""
        case = f"{group}-{number}"
        attempt = self.state(CASES, case).attempt
        for event in (
            ApprovalGranted(case=case, attempt=attempt),
            EvaluationConfirmed(case=case, attempt=attempt, snapshot="s"),
        ):
            try:
                self.tell(CASES, case, event)
            except NotYet:
                return

    def ready(self) -> None:
        """Formed, and every case answered; what follows is on its way."""
        self.formed()
        self.settle()
        for number in (1, 2, 3):
            self.answered(number)
