"""What a file should hold and what it holds: the checklist (daftar periksa) of a case's documents on a day."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from services.proposal.domain.papers import Document, relied_on
from services.proposal.domain.state import Case
from shared.kernel.decider import Frozen
from shared.kernel.documents import Kind, documents

Standing = Literal["present", "stood_for", "expired", "rejected", "missing"]


class Line(Frozen):
    """One kind: when it is due (with the submission, or from the chain), and how it stands. `stood_for`: by an
    affidavit."""

    kind: str
    letter: str
    title: Mapping[Literal["id", "en"], str]
    due: Literal["submission", "chain"]
    standing: Standing
    restricted: bool
    numbered: bool
    citation: str
    certainty: Literal["S", "P", "C"]


def checklist(case: Case, on: date) -> tuple[Line, ...]:
    """A line for each kind that such a move needs on that day, in the order of the list; none for a move that needs
    none, or that is not drafted yet."""
    need = documents().need(case.content.move, on) if case.content else None
    if need is None:
        return ()
    due: dict[str, Literal["submission", "chain"]] = dict.fromkeys(need.submission, "submission")
    due |= dict.fromkeys(need.chain, "chain")
    kinds = [kind for kind in documents().kinds if kind.kind in due]
    return tuple(_line(kind, due[kind.kind], _standing(case, kind.kind, on)) for kind in kinds)


def _line(kind: Kind, due: Literal["submission", "chain"], standing: Standing) -> Line:
    told = kind.model_dump(include=set(Line.model_fields))
    return Line.model_validate({**told, "due": due, "standing": standing})


def _standing(case: Case, kind: str, on: date) -> Standing:
    own = [one for one in case.documents if one.kind == kind]
    if any(relied_on(one, on) for one in own):
        return "present"
    if any(relied_on(one, on) and _stands_for(one, kind) for one in case.documents):
        return "stood_for"
    if not own:
        return "missing"
    return "expired" if own[-1].counts else "rejected"


def _stands_for(document: Document, kind: str) -> bool:
    affidavit = documents().kind(document.kind)
    return affidavit is not None and kind in affidavit.instead_of
