"""The ledger: one message per event, person and channel, and what became of it."""

from datetime import timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from services.notification.consumers import routes
from services.notification.domain.desks import DESKS
from services.notification.domain.entry import REPLIES_KEPT, message_id
from services.notification.domain.ladder import CHAT
from services.notification.domain.ledger import MESSAGES, Cancel, Report, Resend, See
from services.notification.domain.rules import Rule, rules
from shared.contracts.notification import (
    MessageAmbiguous,
    MessageBounced,
    MessageCancelled,
    MessageDelivered,
    MessageDue,
    MessageFailed,
    MessageQueued,
    MessageRequeued,
    MessageSeen,
    MessageSent,
    MessageSuppressed,
)
from shared.kernel.decider import Actor, Event, NotYet, Refused, WorkDone
from shared.runtime.service import Envelope, Learn, To
from tests.unit.notification.samples import DAY, NOW, SAMPLES, Run

OPERATOR = Actor(login="op", person="p909")


def done(id: str = "send-1", *, ok: bool = True, **outcome: object) -> WorkDone:
    return WorkDone(id=id, kind="email", ok=ok, outcome={"attempt": 1, **outcome})


def queued(type: str = "mutasi.proposal.submitted.v1", channel: str = "email") -> Run:
    run = Run(MESSAGES, message_id("e1", "p901", channel))
    run.tell(SAMPLES[type])
    return run


def deliveries(event: Event, id: str = "e1") -> list[To | Learn]:
    envelope = Envelope(id=id, type=event.TYPE, source="s", aggregate="c1", sequence=1, time=NOW)
    return [found for route in routes.by_type[event.TYPE][1] for found in route(event, envelope)]


@pytest.mark.parametrize("rule", [row for row in rules().tell if row.to == "person"], ids=lambda row: row.template)
def test_an_event_queues_one_message_to_its_person(rule: Rule) -> None:
    [delivery] = [found for found in deliveries(SAMPLES[rule.event]) if isinstance(found, To)]
    assert delivery.decider is MESSAGES
    run = Run(MESSAGES, delivery.aggregate)
    [said] = run.tell(SAMPLES[rule.event])
    assert isinstance(said, MessageQueued)
    channel = "telegram" if rule.channel else "email"
    assert (said.person, said.channel, said.template, said.event) == ("p901", channel, rule.template, "e1")
    case = getattr(SAMPLES[rule.event], "case", "")
    assert (said.legal, said.urgency, said.case) == (rule.legal, rule.urgency, case)
    assert "{" not in said.page
    assert not any("rahasia" in text or "4321" in text for text in said.values.values())


@given(st.lists(st.sampled_from(["event", "sent", "failed", "other", "old"]), max_size=12))
def test_repeats_never_make_a_second_message(told: list[str]) -> None:
    run = queued()
    bodies = {
        "event": SAMPLES["mutasi.proposal.submitted.v1"],
        "other": SAMPLES["mutasi.proposal.expired.v1"],
        "sent": done(result="sent"),
        "failed": done(result="failed", code="SMTP_550"),
        "old": done("send-0", result="sent"),
    }
    for name in told:
        run.tell(bodies[name])
    assert sum(isinstance(event, MessageQueued) for event in run.said) == 1
    assert sum(isinstance(event, MessageSent) for event in run.said) == any(n in ("sent", "failed") for n in told)


SHORT = st.text(max_size=5)
NAMED = st.tuples(SHORT, SHORT, st.sampled_from(["email", "record", *CHAT]))


@given(NAMED, NAMED)
@example(("a\nb", "c", "email"), ("a", "b\nc", "email"))
def test_ids_meet_only_for_the_same_event_person_and_channel(
    one: tuple[str, str, str], two: tuple[str, str, str]
) -> None:
    assert (message_id(*one) == message_id(*two)) == (one == two)


def test_the_work_carries_ids_and_values_only_and_its_kind_tells_what_a_crash_means() -> None:
    kinds = {}
    for channel in ("email", "record"):
        for type in ("mutasi.proposal.submitted.v1", "mutasi.decree.issued.v1"):
            [work] = MESSAGES.work(queued(type, channel).state)
            assert work.id == "send-1"
            sent = {"message", "person", "template", "page", "values", "legal", "category", "urgency"}
            assert set(work.data.model_dump()) == sent | {"appointment", "attach", "queued_at", "items", "happened_at"}
            kinds[channel, type.split(".")[1]] = work.kind
    assert kinds == {
        ("email", "proposal"): "email",
        ("email", "decree"): "email_legal",
        ("record", "proposal"): "record",
        ("record", "decree"): "record",
    }


@pytest.mark.parametrize(
    ("result", "kind", "status"),
    [
        (done(result="sent", attempt=3), MessageSent, "sent"),
        (done(result="failed", code="SMTP_550_5.1.1"), MessageFailed, "failed"),
        (done(result="suppressed", code="NO_ADDRESS"), MessageSuppressed, "suppressed"),
        (done(result="ambiguous", code="UNANSWERED"), MessageAmbiguous, "ambiguous"),
        (done(ok=False, code="AMBIGUOUS"), MessageAmbiguous, "ambiguous"),
        (done(ok=False, code="EFFECT_FAILED"), MessageFailed, "failed"),
    ],
)
def test_a_result_settles_the_message_and_ends_its_work(result: WorkDone, kind: type[Event], status: str) -> None:
    run = queued()
    [said] = run.tell(result)
    assert type(said) is kind
    assert run.state.status == status
    assert run.state.settled_at == NOW
    assert MESSAGES.work(run.state) == ()
    assert run.state.code == result.outcome.get("code", "")


def test_what_the_channel_puts_off_is_tried_in_rounds_and_fails_at_last() -> None:
    run = queued()
    for number in range(1, rules().rounds):
        [said] = run.tell(done(f"send-{number}", result="deferred", code="SMTP_451"))
        assert isinstance(said, MessageRequeued)
        assert [work.id for work in MESSAGES.work(run.state)] == [f"send-{number + 1}"]
    [last] = run.tell(done(f"send-{rules().rounds}", result="deferred", code="SMTP_451"))
    assert isinstance(last, MessageFailed)
    assert last.code == "SMTP_451"


def test_a_server_that_is_away_never_makes_a_message_fail() -> None:
    run = queued()
    for number in range(1, 3 * rules().rounds):
        [said] = run.tell(done(f"send-{number}", result="deferred", code="UNREACHABLE"))
        assert isinstance(said, MessageRequeued)
    assert run.state.status == "queued"
    assert run.state.refusals == 0


@pytest.mark.parametrize("result", ["failed", "ambiguous", "suppressed"])
def test_an_operator_has_it_sent_again_under_the_same_id(result: str) -> None:
    run = queued()
    run.tell(done(result=result, code="X"))
    [said] = run.tell(Resend(), id="command", actor=OPERATOR, time=NOW + timedelta(hours=1))
    assert isinstance(said, MessageRequeued)
    assert (said.message, said.by, said.round) == (run.id, "p909", 2)
    run.tell(done(result="sent"))
    assert run.state.status == "queued", "the result of the first round is no answer to the second"
    run.tell(done("send-2", result="sent"))
    assert (run.state.status, run.state.code) == ("sent", "")


def test_what_is_sent_or_on_its_way_or_unknown_is_not_sent_again() -> None:
    run = queued()
    with pytest.raises(Refused, match="NOT_RESENDABLE"):
        run.tell(Resend(), actor=OPERATOR)
    run.tell(done(result="sent"))
    with pytest.raises(Refused, match="NOT_RESENDABLE"):
        run.tell(Resend(), actor=OPERATOR)
    with pytest.raises(Refused, match="MESSAGE_UNKNOWN"):
        Run(MESSAGES, "m:0").tell(Resend(), actor=OPERATOR)


def test_a_desk_makes_one_message_per_holder() -> None:
    due = MessageDue(
        desk="head:a1:u1",
        event="e7",
        about="mutasi.task.queued.v1",
        case="c1",
        subject="p901",
        persons=("p902", "p903"),
        values={"case": "c1", "task": "t1", "agency": "a1", "due": "2026-11-24T16:59:59Z"},
        on=DAY,
    )
    found = [delivery.aggregate for delivery in deliveries(due, "d1") if isinstance(delivery, To)]
    assert found == [message_id("e7", person, "email") for person in ("p902", "p903")]
    for aggregate, person in zip(found, ("p902", "p903"), strict=True):
        [said] = Run(MESSAGES, aggregate).tell(due, "d1")
        assert isinstance(said, MessageQueued)
        assert (said.person, said.event, said.template) == (person, "e7", "task.queued")


def test_tasks_go_to_the_desk_of_their_office() -> None:
    [delivery] = deliveries(SAMPLES["mutasi.task.queued.v1"])
    assert delivery == To(DESKS, "head:a1:u1")


def reply(attempt: int, code: str = "") -> dict[str, object]:
    return {"attempt": attempt, "at": NOW.isoformat(), "code": code, "text": f"answer {attempt}"}


def test_every_answer_of_every_attempt_is_in_the_ledger() -> None:
    run = queued()
    notes = [reply(1, "SMTP_451"), reply(2, "UNREACHABLE")]
    [put_off] = run.tell(done(result="deferred", code="SMTP_451", notes=notes, reply=reply(3, "SMTP_451")))
    [sent] = run.tell(done("send-2", result="sent", code="", reply=reply(1), version="abc"))
    assert isinstance(put_off, MessageRequeued)
    assert isinstance(sent, MessageSent)
    assert [one.text for one in put_off.replies] == ["answer 1", "answer 2", "answer 3"]
    assert [one.code for one in run.state.replies] == ["SMTP_451", "UNREACHABLE", "SMTP_451", ""]
    assert (run.state.version, run.state.failure) == ("abc", "")
    assert len(run.state.replies) <= REPLIES_KEPT


@pytest.mark.parametrize(
    ("result", "failure"),
    [
        (done(result="failed", code="SMTP_452_4.2.2"), "temporary"),
        (done(result="failed", code="SMTP_550_5.1.1"), "permanent"),
        (done(result="failed", code="BAD_ADDRESS"), "permanent"),
        (done(result="suppressed", code="NO_ADDRESS"), "permanent"),
        (done(result="failed", code="BAD_TEMPLATE"), "technical"),
        (done(result="ambiguous", code="UNANSWERED"), "technical"),
        (done(ok=False, code="EFFECT_FAILED"), "technical"),
        (done(result="sent"), ""),
    ],
)
def test_failures_are_told_apart(result: WorkDone, failure: str) -> None:
    run = queued()
    run.tell(result)
    assert run.state.failure == failure


def test_an_operator_cancels_what_waits_and_nothing_else() -> None:
    run = queued()
    [said] = run.tell(Cancel(), actor=OPERATOR)
    assert isinstance(said, MessageCancelled)
    assert (said.by, run.state.status, MESSAGES.work(run.state)) == ("p909", "cancelled", ())
    assert run.tell(Cancel(), actor=OPERATOR) == []
    run.tell(Resend(), actor=OPERATOR)
    run.tell(done("send-2", result="sent"))
    with pytest.raises(Refused, match="NOT_CANCELLABLE"):
        run.tell(Cancel(), actor=OPERATOR)


def test_what_had_left_when_it_was_cancelled_is_told_as_sent() -> None:
    run = queued()
    run.tell(Cancel(), actor=OPERATOR)
    assert run.tell(done(result="failed", code="SMTP_550")) == []
    [said] = run.tell(done(result="sent"))
    assert isinstance(said, MessageSent)
    assert run.state.status == "sent"


def test_the_provider_reports_later_in_any_order_and_more_than_once() -> None:
    run = queued()
    with pytest.raises(NotYet):
        run.tell(Report(status="bounced", code="5.1.1"))
    run.tell(done(result="sent"))
    [delivered] = run.tell(Report(status="delivered"))
    assert type(delivered) is MessageDelivered
    assert run.tell(Report(status="delivered")) == []
    [bounced] = run.tell(Report(status="bounced", code="5.1.1", text="unknown"))
    assert type(bounced) is MessageBounced
    assert run.tell(Report(status="delivered")) == [], "what came back did not arrive"
    assert (run.state.status, run.state.code, run.state.failure) == ("bounced", "5.1.1", "permanent")
    assert [one.text for one in run.state.replies] == ["", "unknown"]


def test_seen_is_told_once_and_changes_no_delivery() -> None:
    run = queued()
    run.tell(done(result="sent"))
    [said] = run.tell(See())
    assert isinstance(said, MessageSeen)
    assert run.tell(See()) == []
    assert (run.state.status, run.state.seen_at) == ("sent", NOW)


def test_a_deadline_is_kept_with_the_message() -> None:
    run = queued("mutasi.proposal.returned.v1")
    assert (run.state.deadline, run.state.legal) == (None, True)
    later = SAMPLES["mutasi.proposal.returned.v1"].model_copy(update={"until": NOW})
    run = Run(MESSAGES, run.id)
    run.tell(later)
    assert run.state.deadline == NOW
