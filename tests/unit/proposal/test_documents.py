"""Documents of a case: who files which, when one counts, what a submission does without, who looks at what."""

from datetime import date
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from services.proposal.deciders import load_rules
from services.proposal.domain import (
    Case,
    CheckDocument,
    FileDocument,
    LookAt,
    NameDocument,
    RemoveDocument,
    Submit,
    Withdraw,
    checklist,
    make_cases,
    make_views,
    views_of,
)
from services.proposal.domain.filing import ROOM
from services.proposal.domain.lifecycle import Impossible
from services.proposal.domain.state import evolve
from services.proposal.domain.views import KEPT
from services.proposal.policy import opens, watches
from shared.contracts.documents import DocumentFiled, Filed
from shared.contracts.proposal import ProposalSubmitted
from shared.kernel.decider import Actor, Refused
from shared.kernel.documents import documents
from shared.runtime.service import Asked
from tests.unit.proposal.bench import NOW, Bench, outcome
from tests.unit.proposal.kit import HEAD, RINA, actor, bench, chain_returned, office, submitted, wish
from tests.unit.proposal.test_between import SOLO, between

TODAY = date(2026, 11, 23)
VERIFIER = actor("p-verifier", office("personnel_verifier"))
NEEDED = documents().missing("inter_province", TODAY, ())


def paper(kind: str = "attachment", mark: int = 1, **changes: object) -> FileDocument:
    """A stored file, named."""
    known = documents().kind(kind)
    dated = {"number": "800/1", "issued_on": TODAY} if known and (known.numbered or known.valid_months) else {}
    about = {"sha256": f"{mark:064x}", "media": "application/pdf", "size": 9}
    return FileDocument.model_validate({"kind": kind, **about, **dated, **changes})


def drafted() -> Bench[Case]:
    """Rina's own draft for a seat in another province."""
    case = between("inter_province")
    case.tell(wish(), RINA)
    return case


def complete(case: Bench[Case]) -> None:
    """All that is due with the submission."""
    for mark, kind in enumerate(NEEDED, 1):
        case.tell(paper(kind, mark), RINA)


def refusal(case: Bench[Case], body: Any, who: Actor) -> str:
    """The code that it is refused with."""
    with pytest.raises(Refused) as found:
        case.tell(body, who)
    return found.value.code


def lines(case: Bench[Case], on: date = TODAY) -> dict[str, str]:
    """How each kind of the checklist stands."""
    return {line.kind: line.standing for line in checklist(case.state, on)}


def test_a_submission_names_what_it_holds_and_what_it_does_without() -> None:
    case = drafted()
    case.tell(paper("latest_decree"), RINA)
    (said,) = case.tell(Submit(), RINA)
    assert isinstance(said, ProposalSubmitted)
    assert said.documents == (Filed(document=1, kind="latest_decree", sha256=f"{1:064x}"),)
    assert said.missing == tuple(kind for kind in NEEDED if kind != "latest_decree") == case.state.missing


def test_a_move_within_an_agency_needs_none() -> None:
    case = submitted()
    assert (case.state.missing, checklist(case.state, TODAY)) == ((), ())


def enforcing() -> Bench[Case]:
    """The same draft where Surakarta's policy asks for the whole set."""
    rules = load_rules().model_dump()
    rules["documents"]["enforced"] = [
        {"agency": "surakarta", "valid_from": TODAY, "citation": "x", "certainty": "C"},
        {"agency": "palu", "valid_from": TODAY, "valid_to": TODAY, "citation": "x", "certainty": "C"},
    ]
    case = drafted()
    case.decider = make_cases(type(load_rules()).model_validate(rules))
    return case


def test_where_the_policy_is_on_nothing_is_handed_in_incomplete() -> None:
    case = enforcing()
    with pytest.raises(Refused, match="DOCUMENTS_MISSING") as refused:
        case.tell(Submit(), RINA)
    assert (refused.value.status, refused.value.values["missing"]) == (422, list(NEEDED))
    complete(case)
    (said,) = case.tell(Submit(), RINA)
    assert isinstance(said, ProposalSubmitted)
    assert said.missing == ()


def test_an_affidavit_stands_for_a_lost_decree_until_it_is_out_of_date() -> None:
    case = drafted()
    case.tell(paper("affidavit"), RINA)
    assert lines(case)["latest_decree"] == lines(case)["civil_servant_status"] == "stood_for"
    assert lines(case, date(2027, 11, 23))["latest_decree"] == "missing"


def test_a_statement_out_of_date_is_missing_again() -> None:
    case = drafted()
    case.tell(paper("no_bond_statement"), RINA)
    assert lines(case)["no_bond_statement"] == "present"
    assert lines(case, date(2027, 5, 23))["no_bond_statement"] == "expired"


@pytest.mark.parametrize(
    ("body", "who", "code"),
    [
        (paper("passport"), RINA, "KIND_UNKNOWN"),
        (paper("origin_consent"), RINA, "OFFICE_FILES"),
        (paper("latest_decree", number=""), RINA, "DOCUMENT_UNDATED"),
        (paper("latest_decree", issued_on=None), RINA, "DOCUMENT_UNDATED"),
        (paper("affidavit", issued_on=None), RINA, "DOCUMENT_UNDATED"),
        (paper("latest_decree", issued_on=date(2026, 11, 24)), RINA, "DOCUMENT_AHEAD"),
        (paper("no_bond_statement", issued_on=date(2026, 5, 23)), RINA, "DOCUMENT_EXPIRED"),
        (paper(task="c-1.1.1"), RINA, "TASK_UNKNOWN"),
        (paper(task="c-10.1.1"), HEAD, "TASK_UNKNOWN"),
    ],
)
def test_what_cannot_be_filed_is_told_why(body: FileDocument, who: Actor, code: str) -> None:
    assert refusal(drafted(), body, who) == code


def test_an_office_files_its_own_letter_and_attaches_to_its_task() -> None:
    case = drafted()
    case.tell(paper("origin_consent"), VERIFIER)
    case.tell(paper("attachment", 2, task="c-1.1.3"), HEAD)
    assert lines(case)["origin_consent"] == "present"
    assert case.state.documents[1].task == "c-1.1.3"


def test_the_same_file_again_says_nothing_and_a_case_has_room_for_so_many() -> None:
    case = drafted()
    for mark in range(1, ROOM + 1):
        assert case.tell(paper("attachment", mark), RINA)
        assert not case.tell(paper("attachment", mark), RINA)
    assert refusal(case, paper("attachment", 99), RINA) == "DOCUMENTS_FULL"


def test_a_verifier_rejects_and_it_is_missing_again_and_may_be_filed_again() -> None:
    case = drafted()
    case.tell(paper("latest_decree"), RINA)
    assert refusal(case, CheckDocument(document=2, accepted=True), VERIFIER) == "DOCUMENT_UNKNOWN"
    assert refusal(case, CheckDocument(document=1, accepted=True), HEAD) == "OFFICE_NEEDED"
    assert refusal(case, CheckDocument(document=1, accepted=False), VERIFIER) == "REASON_NEEDED"
    case.tell(CheckDocument(document=1, accepted=False, reason="kabur"), VERIFIER)
    assert lines(case)["latest_decree"] == "rejected"
    case.tell(paper("latest_decree"), RINA)
    case.tell(CheckDocument(document=2, accepted=True), SOLO)
    assert lines(case)["latest_decree"] == "present"


def test_a_verdict_that_stands_on_an_older_one_is_refused() -> None:
    case = drafted()
    case.tell(paper("latest_decree"), RINA)
    first = CheckDocument(document=1, accepted=False, reason="kabur", before="")
    case.tell(first, VERIFIER)
    assert refusal(case, CheckDocument(document=1, accepted=True, before=""), SOLO) == "DOCUMENT_CHECKED"
    case.tell(CheckDocument(document=1, accepted=True, before="rejected"), SOLO)
    assert lines(case)["latest_decree"] == "present"


def test_nobody_checks_their_own() -> None:
    case, rina = drafted(), actor("p-rina", office("personnel_verifier"))
    case.tell(paper("latest_decree"), rina)
    assert refusal(case, CheckDocument(document=1, accepted=True), rina) == "PARTY_TO_CASE"


def test_who_filed_it_takes_it_out_until_it_was_handed_in() -> None:
    case = drafted()
    case.tell(paper("attachment"), RINA)
    assert refusal(case, RemoveDocument(document=1), HEAD) == "NOT_YOURS"
    case.tell(RemoveDocument(document=1), RINA)
    assert not case.state.documents
    case.tell(paper("attachment"), RINA)
    assert [one.document for one in case.state.documents] == [2], "a number is never used again"
    case.tell(Submit(), RINA)
    assert refusal(case, RemoveDocument(document=2), RINA) == "WRONG_STATE"


def test_nothing_is_filed_before_the_case_or_after_its_end() -> None:
    assert refusal(bench(), paper(), RINA) == "NOT_FOUND"
    case = submitted()
    case.tell(paper(), RINA)
    case.tell(Withdraw(reason="batal"), RINA)
    assert refusal(case, paper("attachment", 2), RINA) == "CASE_OVER"
    said = case.said[-2]
    assert isinstance(said, DocumentFiled)
    with pytest.raises(Impossible):
        evolve(bench().state, said)


def test_a_return_says_which_kinds_are_asked_for() -> None:
    case = drafted()
    case.tell(Submit(), RINA)
    case.tell(chain_returned().model_copy(update={"missing": ("performance_two_years",)}))
    assert (case.state.status, case.state.missing) == ("returned", ("performance_two_years",))


def test_restricted_documents_are_shown_to_those_who_must_see_them() -> None:
    case = drafted()
    case.tell(paper("no_process_statement"), RINA)
    case.tell(paper("attachment", 2), RINA)
    secret, plain = case.state.documents
    auditor = actor("p-auditor", office("auditor"))
    seen = [opens(Asked(who, TODAY, case.state), secret) for who in (RINA, VERIFIER, SOLO, HEAD, auditor)]
    assert seen == [True, True, True, False, False]
    assert all(opens(Asked(who, TODAY, case.state), plain) for who in (RINA, VERIFIER, HEAD))
    moved = case.state.model_copy(update={"status": "completed"})
    assert [opens(Asked(who, TODAY, moved), secret) for who in (VERIFIER, SOLO)] == [False, True], "E24"
    assert [watches(Asked(who, TODAY, case.state)) for who in (RINA, auditor, VERIFIER)] == [True, True, False]


def test_a_look_is_written_down_with_its_reason() -> None:
    looks = Bench(make_views(), views_of("c-1"), {})
    about = partial(LookAt, person="p-rina", document=1, kind="no_process_statement")
    with pytest.raises(Refused, match="REASON_NEEDED"):
        looks.tell(about(), VERIFIER)
    with pytest.raises(Refused, match="ACCOUNT_NOT_LINKED"):
        looks.tell(about(reason="x"), actor(""))
    looks.tell(about(reason="verifikasi"), VERIFIER)
    for _ in range(KEPT):
        looks.tell(about(), RINA)
    assert (looks.state.case, looks.state.total, len(looks.state.newest)) == ("c-1", KEPT + 1, KEPT)
    assert looks.said[0].model_dump(include={"by", "reason", "at"}) == {
        "by": "p-verifier",
        "reason": "verifikasi",
        "at": NOW,
    }


def test_what_a_caller_names_has_no_size_of_its_own() -> None:
    assert not {"media", "size"} & set(NameDocument.model_fields)


class Files(RuleBasedStateMachine):
    """Files come, are judged and go in any order: the checklist says what a submission would do without."""

    @initialize()
    def begin(self) -> None:
        """A draft."""
        self.case, self.marks = drafted(), 0

    @rule(kind=st.sampled_from([kind.kind for kind in documents().kinds]), who=st.sampled_from([RINA, VERIFIER]))
    def file(self, kind: str, who: Actor) -> None:
        """One of any kind."""
        self.marks += 1
        self._may(paper(kind, self.marks), who)

    @rule(document=st.integers(1, ROOM), accepted=st.booleans())
    def check(self, document: int, accepted: bool) -> None:
        """A verdict on any of them."""
        self._may(CheckDocument(document=document, accepted=accepted, reason="x"), SOLO)

    @rule(document=st.integers(1, ROOM))
    def remove(self, document: int) -> None:
        """Rina takes one out."""
        self._may(RemoveDocument(document=document), RINA)

    def _may(self, body: Any, who: Actor) -> None:
        known = {"OFFICE_FILES", "DOCUMENT_UNKNOWN", "NOT_YOURS", "DOCUMENTS_FULL"}
        assert outcome(self.case, body, who) in {"filed", "checked", "removed"} | known

    @invariant()
    def checklist_and_submission_agree(self) -> None:
        """What is neither present nor stood for is missing."""
        due = {line.kind: line.standing for line in checklist(self.case.state, TODAY) if line.due == "submission"}
        copy = Bench(self.case.decider, "c-1", {})
        copy.state, copy.facts = self.case.state, self.case.facts
        (said,) = copy.tell(Submit(), RINA)
        assert isinstance(said, ProposalSubmitted)
        assert said.missing == tuple(kind for kind in NEEDED if due[kind] not in {"present", "stood_for"})

    @invariant()
    def numbers_rise(self) -> None:
        """No number is given twice."""
        numbers = [one.document for one in self.case.state.documents]
        assert numbers == sorted(set(numbers))
        assert self.case.state.filed >= max(numbers, default=0)


TestFiles = Files.TestCase
TestFiles.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
