"""The play: the transfer's own deciders, routes and policies, under people who do what people do."""

import asyncio
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from services.approval.domain import Claim, Decide, Release
from services.proposal.domain import Draft, LeaveSeat, Submit, TakeSeat, Withdraw, seats_of
from services.registry.domain.changes import CancelVacancy
from services.registry.domain.ids import vacancy_id
from services.registry.domain.person import UpdatePerson
from services.registry.domain.vacancies import PublishVacancy
from services.registry.door import PATTERN, offered
from shared.contracts.catalogue import BY_TYPE
from shared.kernel.decider import Command, Decider, Event, Facts, Message, NotYet
from shared.runtime.ports import Entry, Raw
from shared.runtime.service import Door
from tests.support.sim.contest import competing
from tests.support.sim.play import Call
from tests.support.sim.transfer_bench import K1, SHORT
from tests.support.sim.transfer_offers import Offers
from tests.support.sim.transfer_rules import TransferRules
from tests.support.sim.transfer_tally import SeatCounted
from tests.support.sim.transfer_town import AGENCY, APPLICANTS, CLERK, DOOR_TOPIC, settle, transfer_services
from tests.support.sim.world import World

ROUTES: Mapping[type[Command], tuple[str, str, str]] = {
    PublishVacancy: ("registry", "vacancies", "vacancy.publish"),
    CancelVacancy: ("registry", "vacancies", "vacancy.cancel"),
    UpdatePerson: ("registry", "people", "person.update"),
    Draft: ("proposal", "cases", "proposal.draft"),
    Submit: ("proposal", "cases", "proposal.submit"),
    Withdraw: ("proposal", "cases", "proposal.withdraw"),
    TakeSeat: ("proposal", "seats", "seat.accept"),
    LeaveSeat: ("proposal", "seats", "seat.decline"),
    Claim: ("approval", "cases", "task.claim"),
    Release: ("approval", "cases", "task.release"),
    Decide: ("approval", "cases", "task.decide"),
}
"""Where each command goes in at, and by which rule of the service's policy it is judged."""
SILENT = (PublishVacancy, CancelVacancy, UpdatePerson, Claim)
"""What finds that all is so already, and says nothing."""
NEWS: tuple[Mapping[str, Any], ...] = (
    {"status": "suspended"},
    {"status": "active"},
    {"under_process": True},
    {"under_process": False},
    {"status": "active", "under_process": False},
)
HEARD = "PERKARA_TERBUKA"  # why one who hands in is refused and yet competes
RIVALS, OWN_EVENTS, K1_SHARE, BROKEN = 3, 30, 0.2, 0.4


class Sink:
    """The channel that records (`effects.Recorder`)."""

    def __init__(self) -> None:
        self.kept: dict[str, tuple[str, str]] = {}

    async def record(self, key: str, recipient: str, channel: str) -> None:
        """A repeat meets the same record."""
        self.kept[key] = recipient, channel


class TransferPlay:
    """Four applicants, five drafts: one person has two, two compete for the seats of one vacancy, and in some worlds
    two vacancies offer the one seat of a structural post. A vacancy comes from the clerk or through the agency's door;
    a share of the towns has the real chain K1."""

    doors: Mapping[str, Mapping[str, Door]] = MappingProxyType({"registry": {DOOR_TOPIC: Door(PATTERN, offered)}})

    def __init__(self, world: World) -> None:
        self.world, rng = world, world.rng
        self.types: Mapping[str, type[Event]] = {**BY_TYPE, SeatCounted.TYPE: SeatCounted}
        self.sink, self.broken = Sink(), False
        self.bench = K1 if rng.random() < K1_SHARE else SHORT
        self.services = transfer_services(self.sink, self.bench, self._fragile)
        self._by_name = {service.name: service for service in self.services}
        self.quota = {vacancy_id(AGENCY, "a"): rng.randint(1, 2), vacancy_id(AGENCY, "b"): 1}
        if rng.random() < 0.4:
            self.quota[vacancy_id(AGENCY, "c")] = 1
        a, b, last = vacancy_id(AGENCY, "a"), vacancy_id(AGENCY, "b"), list(self.quota)[-1]
        wishes = [("asn-1", a), ("asn-1", b), ("asn-2", a), ("asn-3", rng.choice((a, b))), ("asn-4", last)]
        self.cases = {f"c-{n}": (who, vacancy) for n, (who, vacancy) in enumerate(wishes, 1)}
        drafts = list(self.cases)
        rng.shuffle(drafts)
        self.offers = Offers(world, self.quota)
        self.todo: list[Callable[[], None]] = [partial(self._publish, vacancy) for vacancy in self.quota]
        self.todo += [partial(self._draft, case) for case in drafts]
        self.calls: list[Call] = []
        self.handed_in: dict[str, list[str]] = defaultdict(list)
        self.rules = TransferRules(world, self.quota, self.bench)
        self.told = 0

    def _fragile(self, decider: Decider[Any]) -> Decider[Any]:
        """A handler with a bug in some worlds, until somebody mends it: what it fails on is parked, or held."""

        def decide(state: Any, message: Message, facts: Facts) -> list[Event]:
            if self.broken and "/" in message.source and message.sequence % 3 == 2:
                raise RuntimeError("a bug")
            if self.broken and "/" in message.source and message.sequence % 3 == 1:
                raise NotYet("vacancy/of-what-comes-later")
            return decider.decide(state, message, facts)

        return replace(decider, decide=decide)

    # -- calls --------------------------------------------------------------------------------------------------------

    def _call(self, login: str, id: str, command: Command) -> Call:
        """As the HTTP side would send it."""
        name, kind, rule = ROUTES[type(command)]
        service = self._by_name[name]
        decider = next(one for one in service.deciders if one.name == kind)
        key = f"{login} {rule}-{self.world.rng.randint(0, 10**9)}"
        return Call(name, decider, id, command, key, login, service.policy[rule], isinstance(command, SILENT))

    def _publish(self, vacancy: str) -> None:
        if vacancy in self.offers.at_door:
            return self.offers.offer(vacancy)
        return self._send(self._call(CLERK, vacancy, PublishVacancy.model_validate(self.offers.wanted(vacancy))))

    def _draft(self, case: str) -> None:
        who, vacancy = self.cases[case]
        wish = {"vacancy": vacancy, "purpose": "p", "expected_result": "e", "reason": "r", "consent": True}
        self._send(self._call(who, case, Draft.model_validate(wish)))

    def _hand_in(self, case: str) -> None:
        call = self._call(self.cases[case][0], case, Submit(consent=True))
        self.handed_in[case].append(call.key)
        self._send(call)

    def _send(self, call: Call) -> None:
        """Once, or at two replicas at the same time under the same key."""
        self.calls.append(call)
        for _ in range(2 if self.world.rng.random() < 0.2 else 1):
            self.world.send(call)

    # -- what people do -----------------------------------------------------------------------------------------------

    async def begin(self, world: World) -> None:
        """The registry has said all of it; in some worlds not everybody has heard it when the first one acts."""
        self.told = settle(world.nodes["registry"], self.bench)
        if world.rng.random() < 0.8:
            await world.quiet()
        else:
            await asyncio.sleep(world.rng.uniform(1.0, 4.0))
        self.broken = world.rng.random() < BROKEN

    def act(self, world: World) -> None:
        """Something new, or the same again."""
        rng = world.rng
        if self.todo and rng.random() < 0.5:
            return self.todo.pop(0 if rng.random() < 0.8 else rng.randrange(len(self.todo)))()
        if rng.random() < 0.4 and self._freed():
            return None
        moves = (self._desk, self._submit, self._news, self._again, self._withdraw, self._time, self._cancel)
        contest = len(self.competing()) >= RIVALS  # what may end one waits until there is one
        rng.choices(moves, (10, 5, 2, 1.5, *((1, 0.6, 0.2) if contest else (0, 0, 0))))[0]()
        return None

    def competing(self) -> set[str]:
        """The cases that compete so far: handed in, and taken or refused because another of the person is open."""
        heard = [case for case, keys in self.handed_in.items() if any(map(self._is_heard, keys))]
        wishes = {case: (self.cases[case][0], self.offers.post(self.cases[case][1])) for case in heard}
        return competing(wishes, self.offers.seats())

    def _is_heard(self, key: str) -> bool:
        return key in self.world.answers or HEARD in self.world.refused[key]

    def _submit(self) -> None:
        self._hand_in(self.world.rng.choice(list(self.cases)))

    def _withdraw(self) -> None:
        case = self.world.rng.choice(list(self.cases))
        self._send(self._call(self.cases[case][0], case, Withdraw(reason="berubah pikiran")))

    def _freed(self) -> bool:
        """Somebody answers the offer of a seat that became free, if there is one."""
        seen = self.world.nodes["proposal"].store.tables.seen("seats")
        for case in (case for _, doc in seen for case, one in doc.raw["state"]["waiters"].items() if one["until"]):
            answer = (TakeSeat if self.world.rng.random() < 0.8 else LeaveSeat)(case=case)
            self._send(self._call(self.cases[case][0], seats_of(self.cases[case][1]), answer))
            return True
        return False

    def _news(self) -> None:
        """The registry hears late what was so, of an applicant or an official."""
        rng = self.world.rng
        person = rng.choice((*APPLICANTS, *APPLICANTS, "chief2-a"))
        self._send(self._call(CLERK, person, UpdatePerson.model_validate(rng.choice(NEWS))))

    def _again(self) -> None:
        """Somebody repeats an old command under its key."""
        if self.calls:
            self.world.send(self.world.rng.choice(self.calls))

    def _time(self) -> None:
        self.world.advance(timedelta(days=self.world.rng.randint(8, 40)))

    def _cancel(self) -> None:
        vacancy = self.world.rng.choice(list(self.quota))
        call = self._call(CLERK, vacancy, CancelVacancy(reason="batal"))
        self.offers.cancelled[vacancy].append(call.key)
        self._send(call)

    def _tasks(self) -> Iterator[tuple[str, Raw]]:
        """What waits for somebody, as the queue shows it."""
        for id, doc in self.world.nodes["approval"].store.tables.seen("cases"):
            if doc.raw["state"]["task"]:
                yield id, doc.raw["state"]["task"]

    def _desk(self) -> None:
        """Any official takes any task, or whoever has it decides it or puts it back."""
        rng, tasks = self.world.rng, list(self._tasks())
        if not tasks:
            return self._submit()
        case, task = rng.choice(tasks)
        name, holders = task["task"], self.bench.holders
        officials = [who for held in holders.values() for who in held]
        if not task["claimed_by"] or rng.random() < 0.1:
            login = rng.choice(holders[task["office"]] if rng.random() < 0.8 else officials)
            return self._send(self._call(login, case, Claim(task=name)))
        login = task["claimed_by"] if rng.random() < 0.9 else rng.choice(officials)
        if rng.random() < 0.05:
            return self._send(self._call(login, case, Release(task=name)))
        return self._send(self._call(login, case, self._decision(task)))

    def _decision(self, task: Raw) -> Decide:
        stage = self.bench.stage(task["stage"])
        said = self.world.rng.choices(("approve", "refuse", "return"), (8, 1, 1.5))[0]
        codes = {"approve": ("",), "refuse": stage.refuse, "return": stage.give_back}[said]
        wanted = {"task": task["task"], "decision": said, "code": codes[0], "reason": "kurang"}
        return Decide.model_validate(wanted)

    # -- the rules and the end ----------------------------------------------------------------------------------------

    def said(self, entry: Entry, event: Event) -> None:
        """The rules of the domain."""
        self.rules.said(entry, event)
        self.offers.said(entry, event)

    def go_on(self, world: World, round: int) -> bool:
        """What was refused for coming too early is said again; then everybody decides; then the terms end."""
        self.broken = False
        if round:
            self.rules.facts.at_rest()
        if round < 2:
            self._finish()
        elif round == 2:
            for case in self.cases:
                if self.rules.status[case] in ("drafted", "returned"):
                    self._hand_in(case)
        elif round < 4 + len(self.bench.chain.stages) * 2:
            self._approve()
        elif round == 4 + len(self.bench.chain.stages) * 2:
            world.advance(timedelta(days=70))
        else:
            self._end()
            return False
        return True

    def _end(self) -> None:
        self.rules.at_end(self.sink.kept.keys())
        self.offers.at_end()
        figures, must = self.figures(), self.world.checker.must
        must(figures["events"] >= OWN_EVENTS, "play", f"only {figures['events']} events")
        must(figures["competing"] >= RIVALS, "play", f"only {sorted(self.competing())} compete")

    def figures(self) -> Mapping[str, int]:
        """Of events those that people brought about, not the town's own history."""
        return {
            "events": len(self.world.checker.by_id) - self.told,
            "competing": len(self.competing()),
            "decrees": len(self.rules.decrees),
            "moves": sum(how == "moved" for how in self.rules.settled.values()),
            "k1": int(self.bench is K1),
            "offers": len(self.offers.sent),
        }

    def _finish(self) -> None:
        """First the vacancies; those who want them can apply when they are known."""
        for vacancy in self.quota:
            if vacancy not in self.offers.published:
                self._publish(vacancy)
        for case in self.cases:
            if not self.rules.status[case]:
                self._draft(case)
        self.todo = []

    def _approve(self) -> None:
        for case, task in self._tasks():
            official = task["claimed_by"]
            said = Decide(task=task["task"], decision="approve", reason="tetap")
            command = said if official else Claim(task=task["task"])
            self._send(self._call(official or self.bench.holders[task["office"]][0], case, command))
