"""R53: both regimes' dates are shown, filing is open until the later, the authority answers within the earlier."""

from datetime import UTC, date, datetime, timedelta

import pytest

from services.approval.deciders import WAYS
from services.approval.domain import Amendment, Decree, Revocation, Settled
from services.approval.domain.objections import (
    AnswerObjection,
    FileObjection,
    Objection,
    RecordCourt,
    make_objections,
    objection_of,
    parse_remedies,
)
from shared.contracts.approval import (
    DecreeRevoked,
)
from shared.contracts.objections import (
    CourtRecorded,
    ObjectionAnswered,
    ObjectionFiled,
    ObjectionUnanswered,
)
from shared.kernel.calendar import Zone, indonesia
from shared.kernel.decider import Refused
from tests.unit.approval.test_acts import ID, PPK, WHY, register
from tests.unit.proposal.bench import Bench
from tests.unit.proposal.kit import RINA, actor, office

OBJECTIONS = make_objections(WAYS)
DECREED = register().facts
FILE = FileObjection(grounds="Jabatan baru tidak sesuai dengan kualifikasi saya")
ALLOW = AnswerObjection(outcome="granted", reason=WHY)
COURT = RecordCourt(court="PTUN Palu", number="12/G/2027", step="filed", on=date(2027, 1, 20))
LAST = datetime(2026, 12, 22, 15, 59, 59, 999000, tzinfo=UTC)


def objections() -> Bench[Objection]:
    """No objection yet against the decree of 23 November 2026."""
    bench = Bench(OBJECTIONS, objection_of(ID), {})
    bench.facts = dict(DECREED)
    return bench


def filed() -> Bench[Objection]:
    """One that Rina filed on the day of the decree."""
    bench = objections()
    bench.tell(FILE, RINA)
    return bench


def test_r53_both_terms_are_shown_and_the_later_one_counts_for_the_person() -> None:
    way = WAYS.way(date(2026, 11, 23), Zone.WITA, indonesia(Zone.WITA, date(2026, 11, 23)))
    assert {term.regime: term.until.date() for term in way.terms} == {
        "PP79": date(2026, 12, 11),
        "UU30": date(2026, 12, 22),
    }
    assert way.file_until == LAST
    assert way.court_until == date(2027, 2, 21)


def test_filing_says_by_when_the_authority_answers() -> None:
    bench = objections()
    (event,) = bench.tell(FILE, RINA)
    assert isinstance(event, ObjectionFiled)
    assert event.due.date() == min(term.until for term in event.terms).date() == date(2026, 12, 7)
    assert {term.regime for term in event.terms} == {"PP79", "UU30"}


def test_the_last_moment_is_in_time_and_the_next_is_not() -> None:
    assert objections().tell(FILE, RINA, at=LAST)
    with pytest.raises(Refused, match="OBJECTION_LATE"):
        objections().tell(FILE, RINA, at=LAST + timedelta(milliseconds=1))
    later = objections()
    later.facts[Amendment.KIND, ID] = Amendment(
        amendment="a", effective_on=date(2027, 2, 1), issued_on=date(2026, 12, 1)
    )
    assert later.tell(FILE, RINA, at=LAST + timedelta(days=1)), "an amendment opens the term anew"


@pytest.mark.parametrize("kind", [Revocation, Settled])
def test_who_may_object_and_to_what(kind: type[Revocation | Settled]) -> None:
    with pytest.raises(Refused, match="NOT_YOURS"):
        objections().tell(FILE, PPK)
    with pytest.raises(Refused, match="OBJECTION_EXISTS"):
        filed().tell(FILE, RINA)
    gone = objections()
    gone.facts[kind.KIND, ID if kind is Revocation else f"{ID}-revoked"] = kind(code="X")
    with pytest.raises(Refused, match="ALREADY_REVOKED"):
        gone.tell(FILE, RINA)
    unknown = objections()
    del unknown.facts[Decree.KIND, ID]
    with pytest.raises(Refused, match="NOT_FOUND"):
        unknown.tell(FILE, RINA)


def test_silence_is_a_fact_and_does_not_end_the_matter() -> None:
    bench = filed()
    (event,) = bench.fire()
    assert isinstance(event, ObjectionUnanswered)
    assert event.meaning == "recorded"
    assert bench.decider.timers(bench.state) == ()
    (answer,) = bench.tell(ALLOW, PPK)
    assert isinstance(answer, ObjectionAnswered)


def test_what_silence_means_is_a_setting() -> None:
    raw = WAYS.model_dump(mode="json")
    raw["silence"]["meaning"] = "granted"
    bench = Bench(make_objections(parse_remedies("r", raw)), objection_of(ID), {})
    bench.facts = dict(DECREED)
    bench.tell(FILE, RINA)
    (event,) = bench.fire()
    assert isinstance(event, ObjectionUnanswered)
    assert event.meaning == "granted"


def test_only_the_authority_answers_and_only_once() -> None:
    bench = filed()
    for who, code in ((RINA, "OFFICE_NEEDED"), (actor("p-sister", office("ppk")), "KONFLIK_KEPENTINGAN")):
        with pytest.raises(Refused, match=code):
            bench.tell(ALLOW, who)
    (answer,) = bench.tell(AnswerObjection(outcome="rejected", reason=WHY), PPK)
    assert isinstance(answer, ObjectionAnswered)
    assert answer.remedy == ""
    assert bench.decider.timers(bench.state) == ()
    with pytest.raises(Refused, match="OBJECTION_NOT_OPEN"):
        bench.tell(ALLOW, PPK)


def test_a_granted_objection_is_carried_out_once_by_the_register() -> None:
    (answer,) = filed().tell(ALLOW, PPK)
    assert isinstance(answer, ObjectionAnswered)
    decrees = register()
    (event,) = decrees.tell(answer)
    assert isinstance(event, DecreeRevoked)
    assert (event.number, event.by, event.reason) == (2, "p-ppk", WHY)
    assert decrees.tell(answer) == []


def test_what_the_court_said_is_recorded_once() -> None:
    bench = filed()
    (event,) = bench.tell(COURT, PPK)
    assert isinstance(event, CourtRecorded)
    assert bench.tell(COURT, PPK) == []
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        bench.tell(COURT, RINA)
