"""The documents of a case (dokumen persyaratan, domain rule R13): filed, checked, taken out; and what is still missing.

The file itself is stored before by its SHA-256 (`services/proposal/files`); here it is named, dated and judged. Kinds,
and which a kind of move needs, are data: `shared/kernel/data/documents.yaml`.
"""

from datetime import date
from typing import TypedDict

from services.proposal.domain.commands import CheckDocument, FileDocument, RemoveDocument
from services.proposal.domain.papers import Document, relied_on
from services.proposal.domain.turn import Turn
from shared.contracts.documents import DocumentChecked, DocumentFiled, DocumentRemoved, Filed
from shared.contracts.proposal import Content
from shared.kernel.decider import Event, Refused
from shared.kernel.documents import Kind, documents

ROOM = 40
"""Documents that one case has at most, counting those taken out."""
ENDED = ("completed", "refused", "withdrawn", "expired")


class HandedIn(TypedDict):
    """What a submission says of the documents."""

    documents: tuple[Filed, ...]
    missing: tuple[str, ...]


def file_document(turn: Turn, command: FileDocument) -> list[Event]:
    """Name a stored file as a document. The same file as the same kind again says nothing.

    Raises Refused NOT_FOUND, CASE_OVER, KIND_UNKNOWN, OFFICE_FILES, DOCUMENT_UNDATED, DOCUMENT_AHEAD, DOCUMENT_EXPIRED,
    TASK_UNKNOWN, DOCUMENTS_FULL.
    """
    state = turn.state
    _alive(turn)
    kind = _kind(turn, command.kind)
    _attached(turn, command)
    today = turn.today(state.wanted.origin.agency)
    expires_on = dated(kind, command.number, command.issued_on, today)
    if any(one.sha256 == command.sha256 and one.kind == kind.kind and one.counts for one in state.documents):
        return []
    if state.filed >= ROOM:
        raise Refused("DOCUMENTS_FULL", limit=ROOM)
    about = {"case": state.case, "person": state.person, "document": state.filed + 1, "by": turn.actor.person}
    said = {**command.model_dump(), "expires_on": expires_on, "at": turn.message.time}
    return [DocumentFiled.model_validate({**about, **said})]


def check_document(turn: Turn, command: CheckDocument) -> list[Event]:
    """A verifier of either agency accepts it, or says why not.

    Raises Refused NOT_FOUND, CASE_OVER, DOCUMENT_UNKNOWN, PARTY_TO_CASE, OFFICE_NEEDED, REASON_NEEDED,
    DOCUMENT_CHECKED (another verdict is there than the one they know of).
    """
    state = turn.state
    _alive(turn)
    found = _document(turn, command.document)
    if turn.actor.person in (state.person, *state.wanted.partners):
        raise Refused("PARTY_TO_CASE", status=403)
    if not _checks(turn):
        raise Refused("OFFICE_NEEDED", status=403, offices=list(turn.rules.documents.checkers))
    if not (command.accepted or command.reason):
        raise Refused("REASON_NEEDED", status=422, where="reason")
    if command.before not in (None, found.checked):
        raise Refused("DOCUMENT_CHECKED", where="document", checked=found.checked)
    about = {"case": state.case, "person": state.person, "kind": found.kind, "by": turn.actor.person}
    return [DocumentChecked.model_validate({**about, **command.model_dump()})]


def remove_document(turn: Turn, command: RemoveDocument) -> list[Event]:
    """Whoever filed it takes it out while the file is open to be changed; what was handed in stays.

    Raises Refused NOT_FOUND, WRONG_STATE, DOCUMENT_UNKNOWN, NOT_YOURS.
    """
    state = turn.state
    if state.status not in ("draft", "announced", "returned"):
        raise Refused("NOT_FOUND" if state.status == "new" else "WRONG_STATE", status_now=state.status)
    if _document(turn, command.document).by != turn.actor.person:
        raise Refused("NOT_YOURS", status=403, where="document")
    return [DocumentRemoved(case=state.case, document=command.document, by=turn.actor.person)]


def handed_in(turn: Turn, content: Content) -> HandedIn:
    """The documents that are relied on today, and the kinds that the submission does without."""
    today = turn.today(content.origin.agency)
    held = [one for one in turn.state.documents if relied_on(one, today)]
    filed = tuple(Filed(document=one.document, kind=one.kind, sha256=one.sha256) for one in held)
    return {"documents": filed, "missing": documents().missing(content.move, today, {one.kind for one in held})}


def must_be_complete(turn: Turn, content: Content) -> None:
    """Where an agency of the case has switched it on, nothing is handed in without its documents.

    Raises Refused DOCUMENTS_MISSING.
    """
    if short := short_of(turn, content):
        raise Refused("DOCUMENTS_MISSING", status=422, where="documents", missing=list(short))


def short_of(turn: Turn, content: Content) -> tuple[str, ...]:
    """The kinds that such a file lacks and may not go on without; none where no agency of the case asks for them."""
    today = turn.today(content.origin.agency)
    asked = turn.rules.documents.enforced_by({content.origin.agency, content.target.agency}, today)
    return handed_in(turn, content)["missing"] if asked else ()


def _alive(turn: Turn) -> None:
    state = turn.state
    if state.status == "new":
        raise Refused("NOT_FOUND", status=404)
    if state.status in ENDED:
        raise Refused("CASE_OVER", status_now=state.status)


def _kind(turn: Turn, name: str) -> Kind:
    kind = documents().kind(name)
    if kind is None or turn.today(turn.state.wanted.origin.agency) < kind.valid_from:
        raise Refused("KIND_UNKNOWN", status=422, where="kind", kind=name)
    if kind.filed_by == "offices" and turn.actor.person == turn.state.person:
        raise Refused("OFFICE_FILES", status=403, where="kind", kind=name)
    return kind


def _attached(turn: Turn, command: FileDocument) -> None:
    """What hangs on a task is an official's, and the task is of this case."""
    official = turn.actor.person != turn.state.person
    if command.task and not (official and command.task.startswith(f"{turn.state.case}.")):
        raise Refused("TASK_UNKNOWN", status=422, where="task")


def dated(kind: Kind, number: str, issued: date | None, today: date, where: str = "issued_on") -> date | None:
    """Number and date where the kind has them; the first day it is relied on no more. `where` is the date's field.

    Raises Refused DOCUMENT_UNDATED, DOCUMENT_AHEAD, DOCUMENT_EXPIRED.
    """
    if kind.numbered and not number:
        raise Refused("DOCUMENT_UNDATED", status=422, where="number", kind=kind.kind)
    if issued is None:
        if kind.numbered or kind.valid_months:
            raise Refused("DOCUMENT_UNDATED", status=422, where=where, kind=kind.kind)
        return None
    if issued > today:
        raise Refused("DOCUMENT_AHEAD", status=422, where=where, on=issued.isoformat())
    expires = kind.expires_on(issued)
    if expires and expires <= today:
        raise Refused("DOCUMENT_EXPIRED", status=422, where=where, on=expires.isoformat())
    return expires


def _document(turn: Turn, number: int) -> Document:
    found = next((one for one in turn.state.documents if one.document == number), None)
    if found is None:
        raise Refused("DOCUMENT_UNKNOWN", status=404, where="document", document=number)
    return found


def _checks(turn: Turn) -> bool:
    content = turn.state.wanted
    return any(
        turn.actor.holds(office, turn.today(agency), agency, "")
        for office in turn.rules.documents.checkers
        for agency in {content.origin.agency, content.target.agency}
    )
