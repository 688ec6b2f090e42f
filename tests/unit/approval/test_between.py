"""Moves between agencies: the chains K2 to K6, whose letters they bring, and the decree that rests on them (D11)."""

from datetime import date, timedelta
from typing import Any

import pytest
import yaml

from services.approval.deciders import PACKAGED, load
from services.approval.domain import BadChains, agree, digest_of, parse_authorities, parse_chains
from shared.contracts.approval import ApprovalGranted, ApprovalRefused, DecreeIssued, DecreeWithheld, TaskDecided
from shared.kernel.decider import Refused
from shared.kernel.move import CENTRAL, Home, MoveKind, kind_between
from tests.unit.approval.between import TODAY, WAYS, decree, granted, letter, opened, say, to, without
from tests.unit.approval.kit import CHAINS
from tests.unit.proposal.kit import actor, office

EVERY = tuple(WAYS)
AUTHORITY = {
    "intra_province": "governor:Sulawesi Tengah",
    "inter_province": "home_affairs",
    "central_regional": "bkn",
    "inter_central": "bkn",
    "abroad": "foreign_affairs",
}
PALU, SIGI = Home("palu", "city", "Sulawesi Tengah"), Home("sigi", "regency", "Sulawesi Tengah")
SULTENG, SOLO = Home("sulteng", "province", "Sulawesi Tengah"), Home("surakarta", "city", "Jawa Tengah")
BKN, LAN, KBRI = Home("bkn", "institution", "DKI"), Home("lan", "institution", "DKI"), Home("kbri", "mission", "")


@pytest.mark.parametrize(
    ("origin", "target", "kind"),
    [
        (PALU, PALU, "one_agency"),
        (SIGI, PALU, "intra_province"),
        (SULTENG, PALU, "intra_province"),
        (SIGI, SOLO, "inter_province"),
        (SIGI, BKN, "central_regional"),
        (BKN, SIGI, "central_regional"),
        (BKN, LAN, "inter_central"),
        (BKN, KBRI, "abroad"),
        (KBRI, PALU, "abroad"),
    ],
)
def test_the_two_agencies_make_the_kind(origin: Home, target: Home, kind: str) -> None:
    assert kind_between(origin, target) == kind
    assert {"ministry", "institution"} == CENTRAL


@pytest.mark.parametrize("kind", EVERY)
def test_each_kind_goes_from_the_first_task_to_its_decree(kind: MoveKind) -> None:
    """R08-R11: the receiving authority proposes, that of origin consents, the kind's authority decides, then the
    receiving one appoints; five decrees, the last one ours."""
    case = to(opened(kind), "")
    grant = case.said[-1]
    assert isinstance(grant, ApprovalGranted)
    asked = [(stage.letter, stage.issuer) for stage in case.state.plan if stage.letter]
    origin, target = WAYS[kind]
    assert asked[:2] == [("proposal", f"ppk:{target}"), ("consent", f"ppk:{origin}")]
    assert asked[-1] == ("transfer", AUTHORITY[kind])
    assert [(one.kind, one.issuer) for one in grant.letters] == asked
    paper = decree(kind, grant)
    assert isinstance(paper, DecreeIssued)
    assert (paper.agency, paper.signatory, paper.move, paper.letters) == (target, "ppk", kind, grant.letters)
    assert bool(paper.consideration) != bool(paper.waiver)
    assert paper.digest == digest_of(paper.model_dump(mode="json"))


@pytest.mark.parametrize("kind", EVERY)
@pytest.mark.parametrize("missing", ["proposal", "consent", "transfer"])
def test_i3_no_decree_without_the_letter_of_each_authority(kind: MoveKind, missing: str) -> None:
    grant = granted(kind)
    paper = decree(kind, grant, letters=without(grant.letters, missing))
    assert isinstance(paper, DecreeWithheld)
    assert paper.code == "AUTHORITY_WRONG"


@pytest.mark.parametrize("kind", EVERY)
def test_i3_no_decree_on_the_word_of_another_authority(kind: MoveKind) -> None:
    grant = granted(kind)
    *others, last = grant.letters
    wrong = last.model_copy(update={"issuer": "governor:Maluku"})
    for changes in ({"letters": (*others, wrong)}, {"agency": WAYS[kind][0]}, {"office": "unit_head"}):
        paper = decree(kind, grant, **changes)
        assert isinstance(paper, DecreeWithheld)
        assert paper.code == "AUTHORITY_WRONG"


def test_i4_no_decree_without_the_technical_consideration_or_a_cited_waiver() -> None:
    for kind in ("intra_province", "inter_province"):
        grant = granted(kind)
        paper = decree(kind, grant, letters=without(grant.letters, "consideration"))
        assert isinstance(paper, DecreeWithheld)
        assert paper.code == "PERTEK_MISSING"
    paper = decree("inter_central", granted("inter_central"))
    assert isinstance(paper, DecreeIssued)
    assert paper.waiver.startswith("PP 11/2017 ps 195")


def test_the_dates_of_the_five_decrees_are_in_order() -> None:
    """At the desk, and once more where the number is given."""
    grant = granted("inter_province")
    for at, day in ((0, TODAY + timedelta(days=1)), (1, TODAY - timedelta(days=1)), (3, TODAY + timedelta(days=1))):
        letters = list(grant.letters)
        letters[at] = letters[at].model_copy(update={"dated": day})
        paper = decree("inter_province", grant, letters=tuple(letters))
        assert isinstance(paper, DecreeWithheld)
        assert paper.code == "LETTERS_OUT_OF_ORDER"
    case = to(opened("inter_province"), "bkn")
    for day in (date(2026, 11, 22), date(2026, 11, 24)):
        with pytest.raises(Refused, match="LETTER_DATE"):
            say(case, letter=letter(case, dated=day))


def test_a_letter_is_of_its_authority_or_it_is_none() -> None:
    """Story 3: the governor of the province that is left cannot sign."""
    case = to(opened("inter_province"), "home_affairs")
    for issuer in ("governor:Sulawesi Tengah", "governor:Jawa Tengah", "bkn", ""):
        with pytest.raises(Refused, match="AUTHORITY_WRONG"):
            say(case, letter=letter(case, issuer=issuer))
    with pytest.raises(Refused, match="LETTER_NEEDED"):
        say(case, letter=None)
    stranger = actor("p-gubernur", office("governor", agency="sulteng"))
    with pytest.raises(Refused, match="OFFICE_NEEDED"):
        say(case, stranger)
    say(case)
    assert case.state.task is not None
    assert case.state.task.stage == "appointment"
    with pytest.raises(Refused, match="LETTER_NOT_ASKED"):
        say(case, letter=letter(to(opened("inter_province"), "home_affairs")))


def test_an_own_letter_need_not_say_whose_it_is() -> None:
    case = to(opened("intra_province"), "receiving_ppk")
    said = letter(case, issuer="")
    decided = say(case, letter=said)[0]
    assert isinstance(decided, TaskDecided)
    assert decided.letter is not None
    assert decided.letter.issuer == "ppk:palu"


def test_the_origin_refuses_with_its_reason() -> None:
    """Story 4: fewer than the least staff would be left."""
    case = to(opened("intra_province"), "origin_ppk")
    event = say(case, decision="refuse", code="MIN_STAF_ASAL", reason="tinggal satu dokter", letter=None)[-1]
    assert isinstance(event, ApprovalRefused)
    assert event.code == "MIN_STAF_ASAL"


def test_a_term_is_counted_where_the_office_is() -> None:
    """R57, E02: Surakarta is an hour behind Sigi, so its day ends an hour later."""
    case = opened("inter_province")
    assert case.state.task is not None
    assert case.state.task.due.isoformat() == "2026-11-30T16:59:59.999000+00:00"
    to(case, "unit_head")
    assert case.state.task is not None
    assert case.state.task.due.isoformat() == "2026-11-30T15:59:59.999000+00:00"


def _deeming() -> dict[str, Any]:
    chain: dict[str, Any] = yaml.safe_load((PACKAGED / "K2.yaml").read_text("utf-8"))
    chain["stages"][5] |= {"silence": "deemed", "deemed": {"citation": "statement of BKN 2025", "certainty": "P"}}
    return chain


def test_no_packaged_chain_takes_silence_for_a_yes() -> None:
    assert all(stage.silence == "escalate" for chain in CHAINS.chains for stage in chain.stages)


def test_silence_of_an_authority_counts_only_where_the_chain_cites_why() -> None:
    """R15: the word is on record as deemed, with its source; the same term only escalates in the packaged chain."""
    case = to(opened("intra_province"), "bkn")
    assert [event.TYPE for event in case.fire(name="deadline")] == ["mutasi.task.escalated.v1"]
    case = to(opened("intra_province"), "bkn")
    plan = tuple(
        stage.model_copy(update={"deemed": "statement of BKN 2025"}) if stage.id == "bkn" else stage
        for stage in case.state.plan
    )
    case.state = case.state.model_copy(update={"plan": plan})
    decided = case.fire(name="deadline")[0]
    assert isinstance(decided, TaskDecided)
    assert (decided.by, decided.code, decided.rule) == ("", "DEEMED", "statement of BKN 2025")
    assert decided.letter is not None
    assert (decided.letter.source, decided.letter.number) == ("deemed", "")


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda c: c["stages"][5].pop("deemed"), "stage 6 (bkn): silence 'deemed' needs `deemed`"),
        (
            lambda c: c["stages"][0].update(silence="deemed", deemed=c["stages"][5]["deemed"]),
            "stage 1 (receiving_verifier): only the letter of an authority outside can be deemed",
        ),
        (lambda c: c["stages"][1].update(quorum=2), "stage 2 (receiving_ppk): a stage with a letter is a 'consent'"),
        (lambda c: c["stages"][1]["letter"].update(issuer="mayor"), "stage 2 (receiving_ppk), letter.issuer: "),
        (lambda c: c["stages"][1]["letter"].update(kind="transfer"), "each letter once, in this order"),
        (lambda c: c.update(kind="between"), "kind: Input should be 'one_agency'"),
    ],
)
def test_a_mistake_about_letters_is_named_with_its_place(change: Any, says: str) -> None:
    chain = _deeming()
    change(chain)
    with pytest.raises(BadChains) as found:
        parse_chains({"K2.yaml": chain})
    assert says in str(found.value)


@pytest.mark.parametrize(
    ("stage", "change", "says"),
    [
        (6, {"letter": {"kind": "transfer", "issuer": "bkn"}}, "needs the letter transfer of target_governor"),
        (5, {"letter": None}, "needs the letter consideration of bkn, but no stage brings it"),
        (7, {"office": "unit_head"}, "the decree is for ppk, but stage appointment is for unit_head"),
    ],
)
def test_a_chain_that_brings_too_little_is_refused_at_the_start(stage: int, change: Any, says: str) -> None:
    chain: dict[str, Any] = yaml.safe_load((PACKAGED / "K2.yaml").read_text("utf-8"))
    chain["stages"][stage] |= change
    _, _, authorities = load()
    with pytest.raises(BadChains) as found:
        agree(parse_chains({"K2.yaml": chain}), authorities)
    assert says in str(found.value)
    assert str(found.value).startswith("K2 2026.1 and authorities.yaml, on 2020-01-01, moves of kind intra_province: ")


def test_a_kind_that_nobody_may_decree_is_refused_at_the_start() -> None:
    _, _, authorities = load()
    few = authorities.model_copy(update={"entries": authorities.entries[:1]})
    with pytest.raises(BadChains, match="moves of kind abroad: nobody may issue its decree"):
        agree(CHAINS, few)


def test_between_agencies_an_authority_names_who_decides() -> None:
    entries: Any = yaml.safe_load((PACKAGED / "authorities.yaml").read_text("utf-8"))["entries"]
    next(entry for entry in entries if entry["kind"] == "intra_province").pop("letters")
    with pytest.raises(BadChains, match="letters must name the transfer"):
        parse_authorities("authorities.yaml", {"entries": entries})
