"""How a paper stands today: in force, corrected, amended or revoked, by which later one; whether it is signed. Pure."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Literal

from services.portal.domain.facts import Entry, Paper
from shared.contracts.approval import DecreeAmended, DecreeCorrected, DecreeRevoked
from shared.contracts.signatures import DecreeSigned
from shared.kernel.decider import Frozen

Status = Literal["valid", "corrected", "amended", "revoked"]


class Act(Frozen):
    """A later paper, or a correction (no number): when, and what it says. `code` says why a move was not made."""

    number: str = ""
    on: date | None = None
    effective_on: date | None = None
    wrong: str = ""
    right: str = ""
    part: str = ""
    code: str = ""


class Standing(Frozen):
    """`effective_on` is the effective date that counts now. `files` are the SHA-256 of the signed files."""

    status: Status
    effective_on: date
    amendments: tuple[Act, ...] = ()
    revocation: Act | None = None
    corrections: tuple[Act, ...] = ()
    signed_at: datetime | None = None
    files: tuple[str, ...] = ()


def standing(paper: Paper, entries: Iterable[Entry]) -> Standing:
    """From the events of its case, in any order. An amendment is amended by a later one; all fall with the decree."""
    about = sorted(
        (entry for entry in entries if entry.data.get("decree") == paper.decree), key=lambda entry: entry.sequence
    )
    amended = [_act(entry) for entry in _of(about, DecreeAmended.TYPE) if _later(entry, paper)]
    revoked = [_act(entry) for entry in _of(about, DecreeRevoked.TYPE) if paper.kind != "revocation"]
    corrected = [_act(entry) for entry in _of(about, DecreeCorrected.TYPE) if paper.kind == "transfer"]
    signed = [entry for entry in _of(about, DecreeSigned.TYPE) if entry.data["paper"] == paper.paper]
    dates = [act.effective_on for act in amended if act.effective_on]
    return Standing(
        status="revoked" if revoked else "amended" if amended else "corrected" if corrected else "valid",
        effective_on=dates[-1] if dates else paper.effective_on,
        amendments=tuple(amended),
        revocation=revoked[0] if revoked else None,
        corrections=tuple(corrected),
        signed_at=datetime.fromisoformat(signed[-1].data["signed_at"]) if signed else None,
        files=tuple(entry.data["sha256"] for entry in signed),
    )


def _of(entries: list[Entry], type: str) -> list[Entry]:
    return [entry for entry in entries if entry.type == type]


def _later(entry: Entry, paper: Paper) -> bool:
    """Whether an amendment came after the paper, and is not the paper itself."""
    said = entry.data
    if paper.kind == "transfer":
        return True
    return paper.kind == "amendment" and said["amendment"] != paper.paper and said["issued_on"] >= str(paper.issued_on)


def _act(entry: Entry) -> Act:
    said = entry.data
    return Act(
        number=said.get("number_text", ""),
        on=said.get("issued_on") or said.get("corrected_on"),
        **{name: said[name] for name in ("effective_on", "wrong", "right", "part", "code") if said.get(name)},
    )
