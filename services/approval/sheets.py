"""What stands on the paper of a decree: its data, with the names of places and people as they are known now."""

from collections.abc import Mapping
from typing import Any

from services.approval import store
from services.approval.domain import History, original_of
from services.approval.pdf import Between, Note, Seat, Sheet, printed, spoken
from services.approval.settings import settings
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.contracts.stages import Letter, LetterKind

SIGNATORIES = {"ppk": "Pejabat Pembina Kepegawaian"}
PARTS = {
    "origin_post": "jabatan lama",
    "origin_unit": "unit kerja lama",
    "target_post": "jabatan baru",
    "target_unit": "unit kerja baru",
}
OFFICES = {"bkn_liaison": "Badan Kepegawaian Negara melalui I-MUT"}
LETTERS: Mapping[LetterKind, str] = {
    "proposal": "Usul",
    "consent": "Persetujuan",
    "consideration": "Pertimbangan teknis",
    "transfer": "Keputusan",
}
ISSUERS = {
    "bkn": "Kepala Badan Kepegawaian Negara",
    "home_affairs": "Menteri Dalam Negeri",
    "foreign_affairs": "Menteri Luar Negeri",
}


async def sheet_of(db: store.Database, found: History, id: str, decided_by: str) -> Sheet:
    """The paper with this id: the decree itself, an amendment or the revocation."""
    issued, signer = found.issued, signer_of(found, id, decided_by)
    act = {name: value for name, value in _acts(found).get(id, {}).items() if name != "by"}
    seats = [issued.origin, issued.target]
    names = await store.names(db, [place for seat in seats for place in (seat.post, seat.unit)])
    people = await store.people(db, [issued.person, signer])
    person, signed_by = people.get(issued.person), people.get(signer)
    sheet = Sheet(
        layout=issued.agency,
        agency=await store.agency_name(db, issued.agency),
        number=issued.number_text,
        person=person.name if person else "",
        nip=person.nip if person else "",
        origin=_seat(found, "origin", names),
        target=_seat(found, "target", names),
        issued_on=issued.issued_on,
        effective_on=issued.effective_on,
        signatory=SIGNATORIES.get(issued.signatory, issued.signatory),
        signed_by=signed_by.name if signed_by else "",
        digest=issued.digest,
        status="revoked" if found.status == "revoked" and id == original_of(id) else "valid",
        authority=issued.authority,
        ground="" if issued.move else _ground(issued),
        corrections=_notes(found) if id == original_of(id) else (),
        between=await _between(db, found, id),
    )
    sheet = sheet.model_copy(update=act)
    address = f"{settings().portal_url.rstrip('/')}/verifikasi/{sheet.digest}"
    return sheet.model_copy(update={"address": address, "electronic": settings().signs})


async def best_of(db: store.Database, found: History, id: str, decided_by: str) -> bytes:
    """The signed file while nothing was corrected or revoked since; else what is printed now."""
    marked = bool(found.corrections) or found.status == "revoked"
    content = b"" if marked else await signed_file(db, id)
    return content or await printed(await sheet_of(db, found, id, decided_by))


async def signed_file(db: store.Database, id: str) -> bytes:
    """The signed file of a paper as it was; b"" where there is none."""
    file = await store.signed(db, id) or {}
    return bytes(file.get("content", b""))


def signer_of(found: History, id: str, decided_by: str) -> str:
    """The person who acted for the authority: whoever decided the case, or amended or revoked the decree later."""
    return str(_acts(found).get(id, {}).get("by", decided_by))


def _seat(found: History, side: str, names: dict[str, str]) -> Seat:
    placement = found.issued.origin if side == "origin" else found.issued.target
    return Seat(
        post=found.written(f"{side}_post", names[placement.post]),
        unit=found.written(f"{side}_unit", names[placement.unit]),
    )


async def _between(db: store.Database, found: History, id: str) -> Between | None:
    """What stands on the paper of a move between agencies only; on that of its revocation also how the authority
    outside took its decision back."""
    issued, revocation = found.issued, found.revocation
    if not issued.move:
        return None
    lines = [await _letter(db, letter) for letter in issued.letters]
    if revocation is not None and revocation.letter is not None and id == revocation.revocation:
        lines.append(f"Pencabutan {(await _letter(db, revocation.letter))}")
    if issued.waiver:
        lines.append(_ground(issued))
    return Between(origin=await store.agency_name(db, issued.origin.agency), letters=tuple(lines))


async def _letter(db: store.Database, letter: Letter) -> str:
    """A letter in the words of a decree: what, of whom, number and date."""
    office, _, place = letter.issuer.partition(":")
    issuer = ISSUERS.get(office, f"Gubernur {place}")
    if office == "ppk":
        issuer = f"{SIGNATORIES[office]} {await store.agency_name(db, place)}"
    dated = f"tanggal {spoken(letter.dated)}"
    said = f"Nomor {letter.number} {dated}" if letter.number else f"yang dianggap telah diberikan pada {dated}"
    return f"{LETTERS[letter.kind]} {issuer} {said}"


def _ground(issued: DecreeIssued) -> str:
    """The technical consideration, or why there is none (invariant I4)."""
    if issued.consideration:
        return f"Pertimbangan teknis {OFFICES.get(issued.consideration, issued.consideration)}"
    return f"Tanpa pertimbangan teknis berdasarkan {issued.waiver}" if issued.waiver else ""


def _notes(found: History) -> tuple[Note, ...]:
    return tuple(
        Note(part=PARTS[done.part], wrong=done.wrong, right=done.right, on=done.corrected_on)
        for done in found.corrections
    )


def _acts(found: History) -> dict[str, dict[str, Any]]:
    """What each later paper says otherwise than the first, by its id."""
    acts = {
        act.amendment: {
            "kind": "amendment",
            "was_effective_on": act.was_effective_on,
            "suspends": bool(act.objection),
            **_act(found, act),
        }
        for act in found.amendments
    }
    if found.revocation is not None:
        acts[found.revocation.revocation] = {"kind": "revocation", **_act(found, found.revocation)}
    return acts


def _act(found: History, act: DecreeAmended | DecreeRevoked) -> dict[str, Any]:
    return {
        "number": act.number_text,
        "issued_on": act.issued_on,
        "effective_on": act.effective_on,
        "reason": act.reason,
        "digest": act.digest,
        "refers": found.issued.number_text,
        "refers_on": found.issued.issued_on,
        "by": act.by,
    }
