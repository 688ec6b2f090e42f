"""Every invariant is seen to hold in a lawful history, and to break in one that differs in one place."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from shared.contracts.approval import (
    ApprovalGranted,
    CaseOpened,
    DecreeIssued,
    TaskDecided,
    TaskEscalated,
    TaskQueued,
)
from shared.contracts.moves import GroupMoveOrdered
from shared.contracts.proposal import (
    ProposalReturned,
    ProposalSubmitted,
    ProposalWithdrawn,
    SeatReserved,
    SeatsOpened,
    SeatTaken,
)
from shared.contracts.registry import (
    EmployeeMoved,
    EmployeeRegistered,
    OfficeAssigned,
    PostOccupancyChanged,
    PostRegistered,
    VacancyPublished,
)
from shared.contracts.reorganisations import ReorganisationApproved
from shared.contracts.tasks import TaskAnswered, TaskQuestioned, TaskRescheduled
from shared.invariants import Said, judged
from shared.kernel.decider import Event
from tests.contract.test_golden import golden

BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
OLD = {"agency": "palu", "unit": "u:old", "post": "p:old"}
NEW = {"agency": "palu", "unit": "u:new", "post": "p:new"}
STAGE = {"id": "ppk", "decision": "decide", "office": "ppk", "agency": "palu", "working_days": 5}


def merged(base: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """The dictionary with changes in depth."""
    inside = {name: merged(base.get(name) or {}, one) for name, one in changes.items() if isinstance(one, dict)}
    return base | changes | inside


class Story:
    """Events one after another, an hour apart; each is its golden example with changes."""

    def __init__(self) -> None:
        self.told: list[Said] = []

    def say(self, event: type[Event], *, hours: float = 1, **changes: Any) -> "Story":
        """One more event."""
        time = self.told[-1].time + timedelta(hours=hours) if self.told else BEGIN
        body = event.model_validate(merged(golden(event), changes))
        self.told.append(Said("some", body.key, len(self.told) + 1, time, "", body))
        return self

    def broken(self) -> dict[str, str]:
        """Invariant -> the first that breaks it."""
        return {
            found.id: "; ".join(f"{where} {what}" for where, what in found.broken)
            for found in judged(self.told)
            if found.broken
        }


def person(name: str, place: dict[str, str], status: str = "active", **more: Any) -> dict[str, Any]:
    """Fields of a person who sits there."""
    profile = {"placement": place, "status": status, "post_since": "2024-01-02", "relatives": []} | more
    return {"person": name, "profile": profile}


def office() -> Story:
    """Two structural posts of one seat each, one person on the old one, and the appointing authority."""
    story = Story()
    for place in (OLD, NEW):
        story.say(PostRegistered, post=place["post"], structural=True, seats=1)
    held = {"office": "ppk", "agency": "palu", "unit": "", "since": "2024-01-02", "until": None}
    story.say(OfficeAssigned, person="chief", office=held, offices=[held])
    story.say(EmployeeRegistered, **person("rina", OLD))
    return story.say(PostOccupancyChanged, post="p:old", person="rina", present=True, holders=1)


def asked(story: Story) -> Story:
    """Rina applies for the vacancy on the new post, and the appointing authority is asked."""
    story.say(VacancyPublished, vacancy="v", placement=NEW, quota=1).say(SeatsOpened, vacancy="v", quota=1)
    content = {"person": "rina", "vacancy": "v", "partners": []}
    story.say(ProposalSubmitted, case="c", attempt=1, content=content)
    story.say(SeatReserved, vacancy="v", case="c", attempt=1)
    story.say(CaseOpened, case="c", attempt=1, person="rina", partners=[], plan=[STAGE], target=NEW)
    due = BEGIN + timedelta(days=9)
    return story.say(TaskQueued, case="c", task="t", office="ppk", agency="palu", unit="", due=due)


def decreed(story: Story, **decree: Any) -> Story:
    """It is decided and the decree is issued."""
    story.say(TaskDecided, case="c", task="t", by="chief", members=[])
    story.say(ApprovalGranted, case="c", attempt=1, office="ppk", agency="palu", by="chief")
    given: dict[str, Any] = {
        "case": "c",
        "attempt": 1,
        "decree": "sk",
        "authority": "PP 11/2017",
        "consideration": "bkn_liaison",
    }
    return story.say(DecreeIssued, **given | decree)


def moved(story: Story, left: dict[str, str] = OLD) -> Story:
    """Rina moves, and both posts count her."""
    story.say(EmployeeMoved, **person("rina", NEW), left=left, decree="sk", case="c", effective_on="2026-12-01")
    story.say(PostOccupancyChanged, post="p:old", person="rina", present=False, holders=0)
    story.say(SeatTaken, vacancy="v", case="c")
    return story.say(PostOccupancyChanged, post="p:new", person="rina", present=True, holders=1)


def test_a_lawful_transfer_breaks_none_and_each_was_looked_for() -> None:
    story = moved(decreed(asked(office()))).say(ProposalReturned, case="d", code="BERKAS_TIDAK_LENGKAP")
    member = {"person": "rina", "case": "c", "decree": "sk", "origin": OLD, "target": NEW}
    found = judged(story.say(GroupMoveOrdered, group="g", members=[member]).told)
    assert story.broken() == {}
    assert {one.id for one in found} == {f"I{number}" for number in range(1, 13)} - {"I7", "I8"}
    assert all(one.checked for one in found if one.id != "I10")  # no case waits any more


def test_i1_two_holders_of_one_structural_post_at_once() -> None:
    story = office().say(EmployeeRegistered, **person("budi", OLD))
    assert story.broken()["I1"] == "p:old rina 2024-01-02.. | budi 2024-01-02.."


@pytest.mark.parametrize("status", ["suspended", "seconded", "retired"])
def test_i1_who_is_not_active_does_not_hold_it(status: str) -> None:
    assert "I1" not in office().say(EmployeeRegistered, **person("budi", OLD, status)).broken()


def test_i1_one_may_follow_the_other_on_the_same_day() -> None:
    story = moved(decreed(asked(office())))
    assert "I1" not in story.say(EmployeeRegistered, **person("budi", OLD, post_since="2026-12-01")).broken()
    assert "I1" in story.say(EmployeeRegistered, **person("tono", OLD, post_since="2026-11-30")).broken()


def test_i2_a_post_that_there_is_not() -> None:
    assert "p:gone" in office().say(EmployeeRegistered, **person("budi", NEW | {"post": "p:gone"})).broken()["I2"]


def test_i3_a_decree_that_cites_no_authority() -> None:
    assert decreed(asked(office()), authority="").broken()["I3"] == "sk no authority cited"


def test_i3_a_decree_that_the_wrong_office_granted() -> None:
    story = asked(office()).say(ApprovalGranted, case="c", attempt=1, office="unit_head", agency="palu")
    story.say(DecreeIssued, case="c", attempt=1, decree="sk", authority="PP 11/2017")
    assert story.broken()["I3"] == "sk granted by unit_head of palu, the chain ends with ppk of palu"


def test_i3_a_decree_that_nobody_granted() -> None:
    story = asked(office()).say(DecreeIssued, case="c", attempt=1, decree="sk", authority="PP 11/2017")
    assert story.broken()["I3"] == "sk never granted"


def listed(granted_by: str) -> "Story":
    """A reorganisation whose list that office granted, and the decree of the one on it."""
    move = {"case": "r-1-1", "person": "rina", "origin": OLD, "target": NEW}
    stage = {"id": "ppk", "decision": "decide", "office": "ppk", "agency": "palu", "working_days": 5}
    story = office().say(CaseOpened, case="r-1", attempt=1, person="", plan=[stage], roster="reorganisation")
    story.say(ReorganisationApproved, reorganisation="r-1", office=granted_by, agency="palu", moves=[move])
    return story.say(DecreeIssued, case="r-1-1", attempt=1, decree="sk", authority="PP 11/2017 ps 191")


def test_i3_the_decree_of_a_list_rests_on_the_chain_of_the_list() -> None:
    assert "I3" not in listed("ppk").broken()
    assert listed("unit_head").broken()["I3"].startswith("sk granted by unit_head of palu")


def test_i4_a_decree_without_technical_consideration() -> None:
    assert "I4" in decreed(asked(office()), consideration="", waiver="").broken()
    assert "I4" not in decreed(asked(office()), consideration="", waiver="PP 11/2017 ps 191").broken()


def test_i5_more_seats_than_the_vacancy_has() -> None:
    assert asked(office()).say(SeatReserved, vacancy="v", case="d").broken()["I5"].startswith("v 2 given of 1: d")


def test_i5_a_promise_where_somebody_sits() -> None:
    story = asked(office()).say(PostOccupancyChanged, post="p:new", person="budi", present=True, holders=1)
    assert story.broken()["I5"] == "p:new 1 reserved and 1 holders of 1"


def test_i6_one_member_moves_and_the_other_does_not() -> None:
    pair = [
        {"person": name, "case": name, "decree": f"sk-{name}", "origin": OLD, "target": NEW}
        for name in ("rina", "budi")
    ]
    story = office().say(GroupMoveOrdered, group="g", members=pair)
    story.say(EmployeeMoved, hours=0, **person("rina", NEW), left=OLD, decree="sk-rina", effective_on="2026-12-01")
    assert "I6" not in story.broken()  # under way
    assert story.say(OfficeAssigned).broken()["I6"] == "g rina 2026-12-01, budi -"
    story.say(EmployeeMoved, **person("budi", OLD), left=NEW, decree="sk-budi", effective_on="2026-12-02")
    assert story.broken()["I6"] == "g rina 2026-12-01, budi 2026-12-02"


def test_i9_the_person_decides_about_themselves() -> None:
    assert "party" in asked(office()).say(TaskDecided, case="c", task="t", by="rina", members=[]).broken()["I9"]
    word = {"stage": "unit_head", "by": "rina", "on": "2026-11-06", "number": ""}
    opened: dict[str, Any] = {"attempt": 1, "partners": [], "plan": [STAGE], "target": NEW, "paper": {"words": [word]}}
    assert "on paper" in asked(office()).say(CaseOpened, case="c", person="rina", **opened).broken()["I9"]


def test_i9_a_relative_decides_whichever_of_the_two_said_so() -> None:
    story = office().say(EmployeeRegistered, **person("chief", NEW, relatives=["rina"]))
    assert "related" in decreed(asked(story)).broken()["I9"]


def test_i9_a_competitor_decides_until_they_give_up() -> None:
    rival = {"person": "chief", "vacancy": "v", "partners": []}
    story = asked(office()).say(ProposalSubmitted, case="d", attempt=1, content=rival)
    assert "same seat" in decreed(story).broken()["I9"]
    story = asked(office()).say(ProposalSubmitted, case="d", attempt=1, content=rival)
    story.say(ProposalWithdrawn, case="d", person="chief", vacancy="v")
    assert "I9" not in decreed(story).broken()


def test_i10_a_case_where_it_is_nobodys_turn() -> None:
    assert asked(office()).say(TaskDecided, case="c", task="t", by="x").broken()["I10"] == "c nobody's turn"


def test_i10_a_task_of_an_office_that_nobody_holds() -> None:
    story = asked(office()).say(
        TaskQueued, case="c", task="u", office="governor", agency="palu", unit="", due=BEGIN + timedelta(9)
    )
    assert story.broken()["I10"] == "c nobody holds governor of palu"


def test_i10_overdue_and_nobody_was_told() -> None:
    story = asked(office()).say(ProposalReturned, hours=24 * 10, case="d")
    assert "nobody was told" in story.broken()["I10"]
    assert "I10" not in story.say(TaskEscalated, case="c", task="t").broken()


def test_i11_a_clock_that_goes_on_without_having_stood_still() -> None:
    story = asked(office()).say(TaskQuestioned, case="c", task="t", question="Mana ijazah?")
    assert "I11" not in story.say(TaskAnswered, case="c", task="t").broken()
    assert story.say(TaskAnswered, case="c", task="t").broken()["I11"] == "t went on without a pause"


def test_i11_a_pause_or_a_return_without_a_cause() -> None:
    assert "question" in asked(office()).say(TaskQuestioned, case="c", task="t", question=" ").broken()["I11"]
    assert "cause" in office().say(ProposalReturned, case="c", code="").broken()["I11"]


def test_i11_a_deadline_that_comes_nearer() -> None:
    story = asked(office()).say(TaskRescheduled, case="c", task="t", due=BEGIN + timedelta(days=8))
    assert "after" in story.broken()["I11"]


def test_i12_a_move_from_a_seat_that_was_not_theirs() -> None:
    assert moved(decreed(asked(office())), left=NEW).broken()["I12"] == "sk left p:new, held p:old"


def test_i12_both_posts_count_the_person() -> None:
    story = moved(decreed(asked(office()))).say(PostOccupancyChanged, post="p:old", person="rina", present=True)
    assert story.broken()["I12"] == "rina sits on p:new, counted on p:new, p:old"
