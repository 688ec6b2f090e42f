"""The voice of the civil servant: told, heard and answered before an agency's proposal goes on (S16, J13, J14, B15)."""

from datetime import UTC, datetime, timedelta

import pytest

from services.proposal.domain import (
    Agree,
    Announce,
    AnswerConcern,
    Case,
    ConfirmTalk,
    ProposeTalk,
    RaiseConcern,
    Revise,
    Submit,
    Vacancy,
)
from shared.contracts.registry import Placement
from shared.contracts.voice import ProposalAnnounced
from shared.kernel.decider import Frozen
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import HEAD, RINA, actor, announced, bench, chain_returned, heard, submitted, wish

TELL = Announce(benefit="pengalaman", training="tiga hari")
STRANGER = actor("p-x")


def after(*steps: tuple[Frozen, object]) -> Bench[Case]:
    """An announced proposal on which these were said, each by the head or by Rina."""
    case = announced()
    for body, who in steps:
        case.tell(body, RINA if who == "rina" else HEAD)
    return case


TALK = ProposeTalk(on=NOW.date(), about="tugas baru")
HELD = ((TALK, "head"), (ConfirmTalk(talk=1), "head"), (ConfirmTalk(talk=1), "rina"))
WORRY, ANSWER = RaiseConcern(text="jarak"), AnswerConcern(concern=1, answer="angkutan")


def test_the_person_is_told_with_reasons_benefit_and_training_and_has_five_working_days() -> None:
    told = announced().said[-1]
    assert isinstance(told, ProposalAnnounced)
    assert (told.benefit, told.training, told.content.purpose) == ("pengalaman", "tiga hari", "melayani")
    assert told.until == datetime(2026, 11, 30, 15, 59, 59, 999_000, tzinfo=UTC)


def test_nothing_goes_on_before_the_person_was_told() -> None:
    case = bench()
    case.tell(wish(initiative="agency", person="p-rina"), HEAD)
    assert outcome(case, Submit(), HEAD) == "CONSULT_FIRST"
    assert outcome(case, TELL, STRANGER) == "OFFICE_NEEDED"


def test_an_own_request_needs_none_of_it() -> None:
    assert submitted().state.voice is None
    case = bench()
    case.tell(wish(), RINA)
    assert outcome(case, TELL, HEAD) == "WRONG_STATE"


@pytest.mark.parametrize(
    ("case", "code"),
    [
        (after(*HELD), "WINDOW_OPEN"),
        (after(*HELD, (Agree(), "rina"), (WORRY, "rina")), "CONCERNS_OPEN"),
        (after((Agree(), "rina")), "TALK_NEEDED"),
        (after((TALK, "rina"), (ConfirmTalk(talk=1), "rina"), (Agree(), "rina")), "TALK_NEEDED"),
        (after(*HELD[:2], (Agree(), "rina")), "TALK_NEEDED"),
        (heard(), "submitted"),
        (after(*HELD, (WORRY, "rina"), (ANSWER, "head"), (Agree(), "rina")), "submitted"),
    ],
)
def test_what_stands_in_the_way_of_the_submission(case: Bench[Case], code: str) -> None:
    assert outcome(case, Submit(), HEAD) == code


def test_the_window_ends_by_itself() -> None:
    case = after(*HELD)
    assert case.state.voice is not None
    last = case.state.voice.until
    assert outcome(case, Submit(), HEAD) == "WINDOW_OPEN"
    case.tell(Submit(), HEAD, last + timedelta(seconds=1))
    assert case.state.status == "submitted"


@pytest.mark.parametrize(
    ("body", "who", "code"),
    [
        (Agree(), HEAD, "ONLY_THE_PERSON"),
        (WORRY, HEAD, "ONLY_THE_PERSON"),
        (AnswerConcern(concern=1, answer="x"), RINA, "OFFICE_NEEDED"),
        (AnswerConcern(concern=2, answer="x"), HEAD, "CONCERN_UNKNOWN"),
        (TALK, STRANGER, "OFFICE_NEEDED"),
        (ConfirmTalk(talk=1), RINA, "TALK_UNKNOWN"),
    ],
)
def test_who_may_say_what(body: Frozen, who: object, code: str) -> None:
    case = after((WORRY, "rina"))
    assert outcome(case, body, who) == code  # type: ignore[arg-type]


def test_a_talk_is_not_confirmed_before_its_day_and_an_answer_is_given_once() -> None:
    case = after((WORRY, "rina"), (ProposeTalk(on=NOW.date() + timedelta(days=1), about="x"), "rina"))
    assert outcome(case, ConfirmTalk(talk=1), RINA) == "TALK_AHEAD"
    assert outcome(case, ANSWER, HEAD) == "answered"
    assert outcome(case, ANSWER, HEAD) == "CONCERN_UNKNOWN"


def test_what_is_said_twice_is_one_thing_and_there_is_room_for_fifty() -> None:
    case = heard()
    for body, who in ((Agree(), RINA), (ConfirmTalk(talk=1), RINA), (ConfirmTalk(talk=1), HEAD)):
        assert outcome(case, body, who) == "-"
    for _ in range(50):
        case.tell(WORRY, RINA)
    assert outcome(case, WORRY, RINA) == "ENOUGH_SAID"


def test_a_changed_proposal_is_told_anew() -> None:
    case = heard()
    case.tell(Revise.model_validate(wish().model_dump()), HEAD)
    assert case.state.status == "draft"
    case.tell(TELL, HEAD)
    assert outcome(case, Submit(), HEAD) == "WINDOW_OPEN"


def test_after_it_was_told_a_returned_file_is_mended_for_the_same_seat_only() -> None:
    case = heard()
    case.tell(Submit(), HEAD)
    case.tell(chain_returned())
    other = Placement(agency="palu", unit="dinkes", post="pranata")
    case.facts[Vacancy.KIND, "v-2"] = Vacancy(placement=other, closes_on=datetime(2026, 12, 31, tzinfo=UTC).date())
    assert outcome(case, Revise.model_validate(wish(vacancy="v-2").model_dump()), HEAD) == "TARGET_FIXED"
    assert outcome(case, Submit(), HEAD) == "submitted"
