"""What people want to be told: what can be switched off, quiet hours in their own zone."""

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from services.notification.domain.entry import message_id
from services.notification.domain.facts import Wishes
from services.notification.domain.ledger import MESSAGES
from services.notification.domain.preferences import PREFERENCES, ChangePreferences, answer, categories, quiet_for
from shared.contracts.notification import MessageQueued, MessageSuppressed, PreferencesChanged
from shared.kernel.calendar import Zone
from shared.kernel.decider import Refused
from tests.unit.notification.samples import SAMPLES, Run


def test_wishes_are_kept_whole_and_a_repeat_says_nothing() -> None:
    run = Run(PREFERENCES, "p901")
    wish = ChangePreferences(off=("task:email", "case:email", "case:email"), quiet_from="21:00", quiet_until="06:00")
    [said] = run.tell(wish)
    assert isinstance(said, PreferencesChanged)
    assert (said.person, said.off) == ("p901", ("case:email", "task:email"))
    assert run.tell(wish) == []
    rows = {row["category"]: row for row in answer(run.state)["rows"] if row["channel"] == "email"}
    assert (rows["case"]["on"], rows["case"]["locked"]) == (False, False)
    assert (rows["decision"]["on"], rows["decision"]["locked"]) == (True, True)


@pytest.mark.parametrize(
    ("wish", "code", "where"),
    [
        ({"off": ("decision:email",)}, "LEGAL_NOTICE", "off"),
        ({"off": ("weather:email",)}, "NO_SUCH_PREFERENCE", "off"),
        ({"off": ("case:pigeon",)}, "NO_SUCH_PREFERENCE", "off"),
        ({"off": ("case",)}, "NO_SUCH_PREFERENCE", "off"),
        ({"quiet_from": "21:00"}, "BAD_TIME", "quiet_until"),
        ({"quiet_from": "24:00", "quiet_until": "06:00"}, "BAD_TIME", "quiet_from"),
    ],
)
def test_what_cannot_be_is_refused_with_its_place(wish: dict[str, object], code: str, where: str) -> None:
    run = Run(PREFERENCES, "p901")
    with pytest.raises(Refused) as refused:
        run.tell(ChangePreferences.model_validate(wish))
    assert (refused.value.code, refused.value.where) == (code, where)


def test_a_category_with_one_legal_notice_is_locked() -> None:
    assert categories() == {"case": True, "task": True, "decision": False, "broadcast": True}


@pytest.mark.parametrize(
    ("type", "off"),
    [("mutasi.proposal.submitted.v1", True), ("mutasi.proposal.refused.v1", False), ("mutasi.decree.issued.v1", False)],
)
def test_what_is_switched_off_is_in_the_ledger_and_not_sent(type: str, off: bool) -> None:
    wishes = Wishes(off=("case:email", "decision:email"))
    run = Run(MESSAGES, message_id("e1", "p901", "email"), facts={("wishes", "p901"): wishes})
    queued, *rest = run.tell(SAMPLES[type])
    assert isinstance(queued, MessageQueued)
    assert [getattr(one, "code", "") for one in rest] == (["SWITCHED_OFF"] if off else [])
    assert all(isinstance(one, MessageSuppressed) for one in rest)
    assert (MESSAGES.work(run.state) == ()) == off


def test_quiet_hours_are_those_of_the_persons_zone() -> None:
    wishes = Wishes(quiet_from="21:00", quiet_until="06:00")
    night = datetime(2026, 11, 24, 13, 0, tzinfo=UTC)  # 20:00 WIB, 21:00 WITA, 22:00 WIT
    assert [quiet_for(wishes, zone, night) for zone in (Zone.WIB, Zone.WITA, Zone.WIT)] == [0, 9 * 3600, 8 * 3600]
    assert quiet_for(Wishes(), Zone.WIT, night) == 0


TIMES = st.times().map(lambda at: at.replace(second=0, microsecond=0))


@settings(deadline=None)
@given(TIMES, TIMES, st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1), timezones=st.just(UTC)))
def test_quiet_hours_end_when_they_say(begin: time, end: time, now: datetime) -> None:
    wishes = Wishes(quiet_from=f"{begin:%H:%M}", quiet_until=f"{end:%H:%M}")
    wait = quiet_for(wishes, Zone.WITA, now)
    assert 0 <= wait <= 24 * 3600
    local = now.astimezone(Zone.WITA.info)
    minutes = (local.hour * 60 + local.minute - begin.hour * 60 - begin.minute) % 1440
    span = (end.hour * 60 + end.minute - begin.hour * 60 - begin.minute) % 1440
    assert (wait > 0) == (minutes < span)
    if wait:
        assert (local + timedelta(seconds=wait)).time() == end
