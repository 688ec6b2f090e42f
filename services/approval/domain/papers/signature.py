"""The electronic signature of a paper: asked for when it is issued or by its authority, given or refused. Pure.

The signing itself is an effect; here is only that it is wanted, and what came of it.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.signatures import (
    DecreeSigned,
    SignatureAsked,
    SignatureRefused,
    SignedPaperErased,
    SignedPaperForgotten,
)
from shared.kernel.decider import Event, Frozen, Work, WorkDone

SIGN, ERASE = "sign", "erase"
Numbered = DecreeIssued | DecreeAmended | DecreeRevoked


class Signature(Frozen):
    """Of one paper; `n` counts how often it was asked for. `erasing`: its person was forgotten, the file has to go."""

    paper: str
    office: str
    digest: str
    status: Literal["waiting", "signed", "refused", "erasing", "erased"] = "waiting"
    n: int = 1
    code: str = ""
    sha256: str = ""
    signed_at: datetime | None = None

    @property
    def work(self) -> str:
        """Id of what is to be done now."""
        return f"{ERASE if self.status == 'erasing' else SIGN}-{self.n}-{self.paper}"


class ToSign(Frozen):
    """What the effect is told: which paper of which decree."""

    paper: str
    decree: str


Signatures = Mapping[str, Signature]


def paper_of(event: Numbered) -> str:
    """Id of the paper that an event of the register brought."""
    match event:
        case DecreeIssued():
            return event.decree
        case DecreeAmended():
            return event.amendment
    return event.revocation


def asked(event: Numbered, n: int = 1, by: str = "") -> SignatureAsked:
    """The paper waits for its signature."""
    about = event.model_dump(include={"case", "decree", "person", "agency", "digest"})
    return SignatureAsked(**about, paper=paper_of(event), office=event.signatory, n=n, by=by)


def work(decree: str, signatures: Signatures) -> tuple[Work, ...]:
    """What is to be done about them."""
    return tuple(
        Work(one.work, SIGN if one.status == "waiting" else ERASE, ToSign(paper=one.paper, decree=decree))
        for one in signatures.values()
        if one.status in ("waiting", "erasing")
    )


def done(about: Mapping[str, str], signatures: Signatures, result: WorkDone) -> list[Event]:
    """What came of it; the result of something that is settled already says nothing new. `about` names the decree."""
    found = next((one for one in signatures.values() if one.work == result.id), None)
    if found is None:
        return []
    names: dict[str, Any] = {**about, "paper": found.paper}
    if found.status == "erasing":
        return [SignedPaperErased.model_validate(names)] if result.ok else []
    if found.status != "waiting":
        return []
    names["attempts"] = result.outcome.get("attempt", 1)
    if not result.ok or result.outcome.get("code"):
        return [SignatureRefused.model_validate({**names, "code": result.outcome.get("code", "EFFECT_FAILED")})]
    said = {name: result.outcome[name] for name in ("sha256", "signed_at", "by")}
    return [DecreeSigned.model_validate({**names, "office": found.office, "digest": found.digest, **said})]


def forgotten(about: Mapping[str, str], signatures: Signatures) -> list[Event]:
    """The person is known no more: no signed file may name them either."""
    signed = [one.paper for one in signatures.values() if one.status == "signed"]
    return [SignedPaperForgotten.model_validate({**about, "paper": paper}) for paper in signed]


def evolve(signatures: Signatures, event: Event) -> Signatures:
    """After the event. Raises TypeError for one that is not about a signature."""
    match event:
        case SignatureAsked():
            new = Signature(paper=event.paper, office=event.office, digest=event.digest, n=event.n)
        case DecreeSigned():
            change = {"status": "signed", "sha256": event.sha256, "signed_at": event.signed_at}
            new = signatures[event.paper].model_copy(update=change)
        case SignatureRefused():
            new = signatures[event.paper].model_copy(update={"status": "refused", "code": event.code})
        case SignedPaperForgotten():
            new = signatures[event.paper].model_copy(update={"status": "erasing"})
        case SignedPaperErased():
            new = signatures[event.paper].model_copy(update={"status": "erased"})
        case _:
            raise TypeError(f"no paper hears {event.TYPE}")
    return {**signatures, new.paper: new}
