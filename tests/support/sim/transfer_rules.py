"""What the transfer's domain forbids, looked at event by event, and what must be so at rest."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Set
from datetime import datetime
from typing import Any

from services.evaluation.domain.judge import replay
from services.notification.domain import rules as rows
from shared.contracts.approval import (
    ApprovalGranted,
    DecreeIssued,
    DecreeRevoked,
    DecreeWithheld,
    TaskClaimed,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
)
from shared.contracts.evaluation import DatumAsked, EvaluationCompleted, EvaluationConfirmed, RulesetRecorded
from shared.contracts.notification import MessageDue, MessageQueued, MessageSent
from shared.contracts.proposal import (
    ProposalApproved,
    ProposalCompleted,
    ProposalDrafted,
    ProposalExpired,
    ProposalRefused,
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
)
from shared.contracts.registry import EmployeeMoved, EmployeeMoveRefused, EmployeeRegistered, EmployeeUpdated, Profile
from shared.kernel.calendar import Zone
from shared.kernel.decider import Event
from shared.runtime.ports import Entry
from tests.support.sim.transfer_bench import RELATIVES, Bench
from tests.support.sim.transfer_facts import FactRules
from tests.support.sim.transfer_seats import SeatRules
from tests.support.sim.transfer_tally import tally_id
from tests.support.sim.transfer_town import HEAD, KEEPERS
from tests.support.sim.world import World

PATHS: Mapping[str, tuple[str, ...]] = {
    "": ("drafted",),
    "drafted": ("submitted", "withdrawn"),
    "submitted": ("approved", "withdrawn", "refused", "returned"),
    "returned": ("submitted", "withdrawn", "refused", "expired"),
    "approved": ("completed", "returned"),
    "refused": ("submitted", "refused"),  # an offered seat was taken; it can be kept no more
}
ALIVE, ENDED = ("submitted", "returned", "approved"), ("completed", "refused", "withdrawn", "expired")
Attempt = tuple[str, int]


class TransferRules:
    """What was said, and whether it may be said after it."""

    def __init__(self, world: World, quota: Mapping[str, int], bench: Bench) -> None:
        self.world, self.bench = world, bench
        self.status: dict[str, str] = defaultdict(str)
        self.attempt: dict[str, int] = defaultdict(int)
        self.person: dict[str, str] = {}
        self.profile: dict[str, Profile] = {}
        self.seats = SeatRules(world, quota)
        self.facts = FactRules(world)
        self.numbers: dict[tuple[str, int], list[int]] = defaultdict(list)
        self.decrees: dict[str, DecreeIssued] = {}
        self.settled: dict[str, str] = {}
        self.revoked: set[str] = set()
        self.decided: dict[Attempt, list[TaskDecided]] = defaultdict(list)
        self.granted: set[Attempt] = set()
        self.confirmed: set[Attempt] = set()
        self.tasks: dict[str, TaskQueued] = {}
        self.due: dict[str, set[str]] = defaultdict(set)
        self.asked: dict[str, tuple[tuple[str, ...], str]] = {}
        self.told: set[tuple[str, str]] = set()
        self.queued: dict[str, tuple[str, str]] = {}
        self.sent: set[str] = set()
        self.books: dict[str, Mapping[str, object]] = {}
        self.looks: Mapping[type[Event], Callable[[Any, Entry], None]] = {
            ProposalDrafted: lambda event, _: self._move(event.case, "drafted"),
            ProposalSubmitted: self._submitted,
            ProposalWithdrawn: lambda event, _: self._move(event.case, "withdrawn"),
            ProposalRefused: lambda event, _: self._move(event.case, "refused"),
            ProposalReturned: lambda event, _: self._move(event.case, "returned"),
            ProposalExpired: lambda event, _: self._move(event.case, "expired"),
            ProposalApproved: self._approved,
            ProposalCompleted: self._completed,
            **self.seats.looks,
            RulesetRecorded: lambda event, _: self.books.update({event.ruleset: event.content}),
            EvaluationCompleted: self._evaluated,
            DatumAsked: lambda event, entry: self.asked.update({entry["id"]: ((event.office,), event.person)}),
            EvaluationConfirmed: lambda event, _: self.confirmed.add((event.case, event.attempt)),
            TaskQueued: self._queued,
            TaskEscalated: self._escalated,
            TaskClaimed: lambda event, _: self._separate(event.task, event.by),
            TaskDecided: self._decided,
            ApprovalGranted: lambda event, _: self.granted.add((event.case, event.attempt)),
            DecreeIssued: self._decree,
            DecreeWithheld: lambda event, _: self._must(False, "I3", f"{event.decree} is withheld: {event.code}"),
            DecreeRevoked: self._revoked,
            EmployeeRegistered: lambda event, _: self._seated(event),
            EmployeeUpdated: lambda event, _: self._seated(event),
            EmployeeMoved: self._moved,
            EmployeeMoveRefused: lambda event, _: self._settle(event.decree, "refused"),
            MessageDue: lambda event, _: self.due[event.event].update(event.persons),
            MessageQueued: self._message,
            MessageSent: lambda event, _: self._sent(event),
        }

    def _must(self, holds: bool, name: str, text: str) -> None:
        self.world.checker.must(holds, name, text)

    def said(self, entry: Entry, event: Event) -> None:
        """Look at one new event."""
        look = self.looks.get(type(event))
        if look is not None:
            look(event, entry)
        row = rows.rule(event.TYPE, rows.day(_time(entry)))
        if row is not None and row.to == "person" and row.person(event):
            self.told.add((entry["id"], row.person(event)))

    # -- the case -------------------------------------------------------------------------------------------------

    def _move(self, case: str, to: str) -> None:
        self._must(to in PATHS.get(self.status[case], ()), "N3", f"{case}: {self.status[case]} -> {to}")
        self.status[case] = to

    def _submitted(self, event: ProposalSubmitted, _: Entry) -> None:
        case, person = event.case, event.content.person
        rivals = [c for c, p in self.person.items() if p == person and c != case and self.status[c] in ALIVE]
        self._must(not rivals, "one open case", f"{case} beside {rivals}")
        self._must(event.attempt == self.attempt[case] + 1, "N2", f"{case} attempt {event.attempt}")
        self.person[case], self.attempt[case] = person, event.attempt
        self._move(case, "submitted")

    def _approved(self, event: ProposalApproved, _: Entry) -> None:
        now = event.case, event.attempt
        seat = self.seats.held[event.content.vacancy].get(event.case)
        whole = now in self.granted and now in self.confirmed and seat == "reserved"
        self._must(whole and event.attempt == self.attempt[event.case], "approved", f"{now}: seat {seat}")
        self._move(event.case, "approved")

    def _completed(self, event: ProposalCompleted, _: Entry) -> None:
        self._must(self.settled.get(event.decree) == "moved", "I12", f"{event.case} is completed without a move")
        self._move(event.case, "completed")

    def _evaluated(self, event: EvaluationCompleted, _: Entry) -> None:
        self._must(replay(event, self.books) == event, "I8", f"the evaluation of {event.case} does not replay")
        self.facts.evaluated(event)

    # -- the desk -------------------------------------------------------------------------------------------------

    def _queued(self, event: TaskQueued, entry: Entry) -> None:
        self._must(bool(event.office) and event.due > _time(entry), "I10", f"{event.task} without holder or term")
        self.tasks[event.task] = event
        self.asked[entry["id"]] = (event.office,), event.person

    def _escalated(self, event: TaskEscalated, entry: Entry) -> None:
        self._must(_time(entry) >= self.tasks[event.task].due, "N3", f"{event.task} escalated before its term")
        self.asked[entry["id"]] = (self.tasks[event.task].office, event.superior), event.person

    def _separate(self, task: str, by: str) -> None:
        """I9: holder of the office, no party, no relative whoever names whom, and of each attempt one stage only."""
        queued = self.tasks[task]
        person = queued.person
        related = by in RELATIVES.get(person, ()) or person in RELATIVES.get(by, ())
        self._must(by != person and not related, "I9", f"{by} acts on {task} of {person}")
        self._must(by in self.bench.holders[queued.office], "I9", f"{by} does not hold {queued.office}")
        earlier = [one.by for one in self.decided[queued.case, queued.attempt]]
        self._must(by not in earlier, "I9", f"{by} acts twice on {task}")

    def _decided(self, event: TaskDecided, _: Entry) -> None:
        self._separate(event.task, event.by)
        self.decided[event.case, event.attempt].append(event)

    # -- the decree and the move ----------------------------------------------------------------------------------

    def _decree(self, event: DecreeIssued, _: Entry) -> None:
        numbers = self.numbers[event.agency, event.year]
        numbers.append(event.number)
        self._must(numbers == list(range(1, len(numbers) + 1)), "decree", f"numbers {numbers}")
        self._must(event.decree not in self.decrees, "decree", f"{event.decree} twice")
        self.decrees[event.decree] = event
        alive = self.status[event.case] == "approved" and self.attempt[event.case] == event.attempt
        self._must(alive, "decree", f"{event.decree}: the case is {self.status[event.case]}")
        decided, stages = self.decided[event.case, event.attempt], self.bench.chain.stages
        passed = [one.stage for one in decided] == [stage.id for stage in stages]
        agreed = all(one.decision == "approve" or self.bench.stage(one.stage).decision == "opinion" for one in decided)
        self._must(passed and agreed, "I3", f"{event.decree}: {[(one.stage, one.decision) for one in decided]}")

    def _revoked(self, event: DecreeRevoked, _: Entry) -> None:
        refused = self.settled.get(event.decree) == "refused" and event.decree not in self.revoked
        self._must(refused, "decree", f"{event.decree} is revoked after {self.settled.get(event.decree)}")
        self.revoked.add(event.decree)

    def _settle(self, decree: str, how: str) -> None:
        self._must(decree in self.decrees and decree not in self.settled, "I12", f"{decree}: {how} again, or before")
        self.settled[decree] = how

    def _seated(self, event: EmployeeRegistered) -> None:
        """Registered or updated: nobody changes seats without a decree (I2), and a structural post has one holder."""
        known = self.profile.get(event.person)
        placement = event.profile.placement
        self._must(known is None or known.placement == placement, "I2", f"{event.person} sits elsewhere: {placement}")
        self._sit(event)

    def _sit(self, event: EmployeeRegistered) -> None:
        self.profile[event.person] = event.profile
        heads = [p for p, one in self.profile.items() if one.placement.post == HEAD and one.status == "active"]
        self._must(len(heads) <= 1, "I1", f"{heads} hold one structural post")

    def _moved(self, event: EmployeeMoved, entry: Entry) -> None:
        decree, was = self.decrees.get(event.decree), self.profile[event.person].placement
        self._must(event.left == was, "I12", f"{event.person} leaves {event.left}, not {was}")
        lawful = decree is not None and event.decree not in self.revoked and decree.person == event.person
        self._must(lawful, "decree", f"{event.person} moves by {event.decree}")
        self._must(decree is None or decree.target == event.profile.placement, "decree", f"{event.person} moves astray")
        today = _time(entry).astimezone(Zone.WITA.info).date()
        self._must(today >= event.effective_on, "I12", f"{event.person} moves on {today}, not {event.effective_on}")
        self._settle(event.decree, "moved")
        self._sit(event)

    # -- messages -------------------------------------------------------------------------------------------------

    def _message(self, event: MessageQueued, _: Entry) -> None:
        one = event.event, event.person
        self._must(one not in self.queued.values(), "N5", f"two messages for {one}")
        self.queued[event.message] = one

    def _sent(self, event: MessageSent) -> None:
        new = event.message in self.queued and event.message not in self.sent
        self._must(new, "N5", f"{event.message} is sent twice, or was never due")
        self.sent.add(event.message)

    # -- at rest --------------------------------------------------------------------------------------------------

    def at_end(self, kept: Set[str]) -> None:
        """Every case ended, or somebody or a timer has it; registers, copies and messages agree with what was said."""
        nodes = self.world.nodes
        files = {id: doc.raw["state"] for id, doc in nodes["approval"].store.tables.seen("cases")}
        for case, doc in nodes["proposal"].store.tables.seen("cases"):
            status, task = self.status[case], files.get(case, {}).get("task")
            held = bool(task or doc.raw["due_at"])
            self._must(status in (*ENDED, "", "drafted") or held, "N4", f"{case} is {status} and nobody has it")
            self._must(status == "submitted" or not task, "N4", f"{case} is {status} and {task} waits")
        self._decrees_end()
        self._seats_end()
        self._messages_end(kept)
        for person, profile in self.profile.items():
            self._must(self.facts.known(person) == profile, "facts", f"evaluation knows another {person}")

    def _decrees_end(self) -> None:
        refused = {decree for decree, how in self.settled.items() if how == "refused"}
        self._must(self.settled.keys() == self.decrees.keys(), "I12", f"{self.decrees.keys() - self.settled.keys()}")
        self._must(refused == self.revoked, "decree", f"refused {refused}, revoked {self.revoked}")

    def _seats_end(self) -> None:
        for vacancy, seats in self.seats.held.items():
            for case, seat in seats.items():
                status = self.status[case]
                good = {"taken": ("completed",), "reserved": ("submitted", "approved")}.get(seat)
                holds = status in good if good else status not in ("completed", "approved")
                self._must(holds, "I5", f"{case} is {status}, its seat of {vacancy} {seat}")
            doc = self.world.nodes["tally"].store.tables.read("tallies", tally_id(vacancy))
            counted = {case: how for case, (_, how) in doc.raw["state"]["latest"].items()} if doc else {}
            self._must(counted == seats, "N2", f"tally of {vacancy}: {counted}, register: {seats}")

    def _messages_end(self, kept: Set[str]) -> None:
        holders = {**self.bench.holders, **KEEPERS}
        for entry, (offices, person) in self.asked.items():
            wanted = {who for office in offices for who in holders.get(office, ())} - {person}
            self._must(self.due[entry] == wanted, "N5", f"{entry} is for {wanted}, told {self.due[entry]}")
            self.told.update((entry, who) for who in self.due[entry])
        queued = set(self.queued.values())
        self._must(queued == self.told, "N5", f"too many {queued - self.told}, missing {self.told - queued}")
        self._must(self.sent <= kept <= self.queued.keys(), "N5", f"said to be sent and was not: {self.sent - kept}")


def _time(entry: Entry) -> datetime:
    return datetime.fromisoformat(entry["time"])
