"""Which channel a message goes to, and where it goes when that one does not deliver."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.notification.domain.entry import message_id
from services.notification.domain.facts import Contacts, Wishes
from services.notification.domain.ledger import MESSAGES, Report, Resend
from services.notification.domain.rules import rules
from shared.contracts.contacts import Contact, MessagePassed
from shared.contracts.notification import MessageQueued, MessageSent, MessageSuppressed
from shared.kernel.decider import Actor, Event, Fact, TimerDue, WorkDone
from tests.unit.notification.samples import NOW, SAMPLES, Run

LEGAL, PLAIN = "mutasi.decree.issued.v1", "mutasi.proposal.submitted.v1"
LATE = timedelta(hours=rules().fallback.hours)
Known = dict[tuple[str, str], Fact | None]


def known(*chosen: str, verified: tuple[str, ...] = ("telegram", "whatsapp"), off: tuple[str, ...] = ()) -> Known:
    """What one person chose, and has shown to be theirs."""
    contacts = {name: Contact(contact=f"k-{name}", n=1) for name in verified}
    wishes = Wishes(channels=chosen, off=off)
    return {("wishes", "p901"): wishes, ("contacts", "p901"): Contacts(verified=contacts)}


def entry(channel: str, facts: Known) -> Run:
    return Run(MESSAGES, message_id("e1", "p901", channel), facts=dict(facts))


def begun(type: str, facts: Known) -> tuple[Run, list[Event]]:
    """The entry that hears of the event first, and what it said."""
    run = entry("email", facts)
    return run, run.tell(SAMPLES[type])


def ended(**outcome: object) -> WorkDone:
    return WorkDone(id="send-1", kind="x", ok=True, outcome={"attempt": 1, **outcome})


def due(run: Run) -> TimerDue:
    [timer] = MESSAGES.timers(run.state)
    return TimerDue(id=timer.id, name=timer.name, at=timer.at)


@pytest.mark.parametrize(
    ("facts", "type", "to"),
    [
        (known(), PLAIN, "email"),
        (known("telegram"), PLAIN, "telegram"),
        (known("telegram"), LEGAL, "telegram"),
        (known("email", "telegram"), PLAIN, "email"),
        (known("matrix"), PLAIN, "email"),  # not verified (any more)
        (known("telegram", off=("case:telegram",)), PLAIN, "email"),
        (known("telegram", off=("case:email", "case:telegram")), PLAIN, ""),
        (known("telegram", off=("decision:telegram",)), LEGAL, "telegram"),  # cannot be switched off
    ],
)
def test_the_first_channel_is_the_one_the_person_chose_and_verified(facts: Known, type: str, to: str) -> None:
    _, said = begun(type, facts)
    match said:
        case [MessagePassed() as passed]:
            assert (passed.to, passed.tried) == (to, ())
        case [MessageQueued() as queued]:
            assert queued.channel == to
        case _:
            assert [type for type in map(type_of, said)] == ["MessageQueued", "MessageSuppressed"]
            assert to == ""


def type_of(event: Event) -> str:
    return type(event).__name__


def chosen(*names: str, type: str = LEGAL) -> tuple[Run, Run]:
    """The e-mail's entry, which passed the message on, and that of the first channel chosen, which has it queued."""
    mail, [passed] = begun(type, known(*names))
    chat = entry(names[0], known(*names))
    [queued] = chat.tell(passed, "e2")
    assert isinstance(queued, MessageQueued)
    assert (queued.channel, queued.event, mail.state.status) == (names[0], "e1", "passed")
    assert (MESSAGES.work(mail.state), MESSAGES.timers(mail.state)) == ((), ())
    return mail, chat


def test_a_refusal_goes_on_at_once_and_comes_back_to_mail_and_at_last_on_paper() -> None:
    mail, chat = chosen("telegram")
    failed, passed = chat.tell(ended(result="failed", code="TELEGRAM_403", failure="permanent"), "w1")
    assert isinstance(passed, MessagePassed)
    assert (type_of(failed), passed.to, passed.tried, passed.code) == (
        "MessageFailed",
        "email",
        ("telegram",),
        "TELEGRAM_403",
    )
    assert chat.state.failure == "permanent"
    [queued] = mail.tell(passed, "e3")
    assert isinstance(queued, MessageQueued)
    assert [work.kind for work in MESSAGES.work(mail.state)] == ["email_legal"]
    _, paper = mail.tell(ended(result="failed", code="SMTP_550_5.1.1", failure="permanent"), "w2")
    assert isinstance(paper, MessagePassed)
    assert (paper.to, paper.tried, mail.state.status) == ("paper", ("telegram", "email"), "failed")
    assert mail.tell(passed, "e4") == [], "what was tried here is not tried again"


@pytest.mark.parametrize("trouble", ["nothing", "deferred", "ambiguous", "broken"])
def test_what_is_undelivered_in_time_goes_on_whatever_holds_it_up(trouble: str) -> None:
    _, chat = chosen("telegram")
    results = {
        "deferred": ended(result="deferred", code="UNREACHABLE", failure="technical"),
        "ambiguous": ended(result="ambiguous", code="UNANSWERED"),
        "broken": ended(result="failed", code="BAD_TEMPLATE"),
    }
    if trouble in results:
        chat.tell(results[trouble], "w1")
    [timer] = MESSAGES.timers(chat.state)
    assert timer.at == NOW + LATE
    [passed] = chat.tell(due(chat), "t1", time=timer.at)
    assert isinstance(passed, MessagePassed)
    assert passed.to == "email"
    assert (MESSAGES.timers(chat.state), MESSAGES.work(chat.state)) == ((), ())
    assert chat.state.status == ("failed" if trouble == "broken" else "undelivered")


def test_a_mail_that_nobody_takes_goes_on_paper_in_time() -> None:
    run, _ = begun(LEGAL, known(verified=()))
    [passed] = run.tell(due(run), "t1", time=NOW + LATE)
    assert isinstance(passed, MessagePassed)
    assert (passed.to, passed.code, run.state.status) == ("paper", "UNDELIVERED", "undelivered")
    [sent] = run.tell(ended(result="sent"), "w1")
    assert isinstance(sent, MessageSent), "it was leaving at that moment: the ledger says what is true"
    assert MESSAGES.timers(run.state) == ()


def test_a_channel_that_confirms_is_waited_for_and_one_that_does_not_has_delivered() -> None:
    _, telegram = chosen("telegram")
    telegram.tell(ended(result="sent"), "w1")
    assert MESSAGES.timers(telegram.state) == ()
    _, whatsapp = chosen("whatsapp")
    whatsapp.tell(ended(result="sent"), "w1")
    assert len(MESSAGES.timers(whatsapp.state)) == 1
    whatsapp.tell(Report(status="read"), "c1")
    assert MESSAGES.timers(whatsapp.state) == ()
    assert (whatsapp.state.status, whatsapp.state.seen_at) == ("delivered", NOW)
    assert [type_of(event) for event in whatsapp.said[-2:]] == ["MessageDelivered", "MessageSeen"]


def test_what_comes_back_goes_on_and_a_late_delivery_is_still_told() -> None:
    _, chat = chosen("whatsapp")
    chat.tell(ended(result="sent"), "w1")
    _, passed = chat.tell(Report(status="bounced", code="5.1.1", text="131026"), "c1")
    assert isinstance(passed, MessagePassed)
    assert (passed.to, passed.code) == ("email", "5.1.1")
    _, late = chosen("whatsapp")
    late.tell(ended(result="sent"), "w1")
    late.tell(due(late), "t1", time=NOW + LATE)
    late.tell(Report(status="delivered"), "c1")
    assert (late.state.status, late.state.passed_to) == ("delivered", "email")


def test_what_is_no_legal_notice_goes_on_from_a_chat_but_never_on_paper_and_knows_no_deadline() -> None:
    mail, chat = chosen("telegram", type=PLAIN)
    assert MESSAGES.timers(chat.state) == ()
    _, passed = chat.tell(ended(result="suppressed", code="NO_ADDRESS"), "w1")
    mail.tell(passed, "e3")
    [failed] = mail.tell(ended(result="failed", code="SMTP_550", failure="permanent"), "w2")
    assert (type_of(failed), mail.state.status) == ("MessageFailed", "failed")


def test_what_verifies_an_address_is_told_there_only() -> None:
    run = entry("telegram", known("whatsapp"))
    [queued] = run.tell(SAMPLES["mutasi.contact.added.v1"])
    assert isinstance(queued, MessageQueued)
    [failed] = run.tell(ended(result="failed", code="TELEGRAM_403", failure="permanent"), "w1")
    assert type_of(failed) == "MessageFailed"


def test_a_forgotten_person_is_not_told_on_paper_either() -> None:
    run, _ = begun(LEGAL, known())
    [said] = run.tell(ended(result="suppressed", code="FORGOTTEN"), "w1")
    assert isinstance(said, MessageSuppressed)
    assert MESSAGES.timers(run.state) == ()


class Ways(RuleBasedStateMachine):
    """One legal notice through any order of refusals, lost answers, deadlines, resends and changes of mind."""

    @initialize(names=st.permutations(["telegram", "whatsapp", "email"]), many=st.integers(0, 3))
    def begin(self, names: list[str], many: int) -> None:
        self.facts = known(*names[:many])
        self.entries: dict[str, Run] = {}
        self.paper = 0
        self.steps = 0
        self._hear("email", SAMPLES[LEGAL], "e1")

    def _hear(self, channel: str, body: Any, id: str) -> None:
        run = self.entries.setdefault(channel, entry(channel, self.facts))
        run.facts = dict(self.facts)
        self.steps += 1
        said = run.tell(body, id, time=NOW + self.steps * LATE, actor=Actor(login="op"))
        for event in said:
            if isinstance(event, MessagePassed):
                if event.to == "paper":
                    self.paper += 1
                else:
                    self._hear(event.to, event, f"{id}.{self.steps}")

    def _pick(self, number: int) -> str:
        return sorted(self.entries)[number % len(self.entries)]

    @rule(number=st.integers(0, 3), result=st.sampled_from(["sent", "failed", "suppressed", "ambiguous", "deferred"]))
    def settle(self, number: int, result: str) -> None:
        channel = self._pick(number)
        for work in MESSAGES.work(self.entries[channel].state):
            codes = {"sent": "", "suppressed": "NO_ADDRESS", "ambiguous": "UNANSWERED"}
            outcome = {"attempt": 1, "result": result, "code": codes.get(result, "X_403"), "failure": "permanent"}
            self._hear(channel, WorkDone(id=work.id, kind=work.kind, ok=True, outcome=outcome), f"w{self.steps}")

    @rule(number=st.integers(0, 3))
    def wait(self, number: int) -> None:
        channel = self._pick(number)
        for timer in MESSAGES.timers(self.entries[channel].state):
            self._hear(channel, TimerDue(id=timer.id, name=timer.name, at=timer.at), f"t{self.steps}")

    @rule(number=st.integers(0, 3))
    def resend(self, number: int) -> None:
        channel = self._pick(number)
        if self.entries[channel].state.status == "failed":
            self._hear(channel, Resend(), f"c{self.steps}")

    @rule(names=st.permutations(["telegram", "whatsapp", "email"]), many=st.integers(0, 3))
    def change_mind(self, names: list[str], many: int) -> None:
        self.facts = known(*names[:many])

    @invariant()
    def somebody_has_it(self) -> None:
        """A legal notice waits somewhere, was taken somewhere, or is on paper: never lost, never in a circle."""
        states = [run.state for run in getattr(self, "entries", {}).values()]
        open = [state for state in states if MESSAGES.work(state) or MESSAGES.timers(state)]
        assert not states or open or self.paper or any(state.status in ("sent", "delivered") for state in states)
        assert getattr(self, "paper", 0) <= 1
        assert all(sum(type(e) is MessageQueued for e in run.said) <= 1 for run in self.entries.values())


TestWays = Ways.TestCase
TestWays.settings = settings(max_examples=60, stateful_step_count=12, deadline=None)
