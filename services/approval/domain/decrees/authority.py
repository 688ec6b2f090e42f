"""Who may issue a decree of which kind, and after whose technical consideration, as dated, cited data. Pure."""

from collections.abc import Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.approval.domain.chain import BadChains, Cited, ListKind, Word, sentences
from services.approval.domain.letters import Issuer, in_order
from shared.contracts.stages import Letter
from shared.kernel.decider import Frozen
from shared.kernel.move import MoveKind

WITHIN = frozenset({"one_agency", "reorganisation"})
"""Kinds that stay inside one agency, whose authority decides alone."""


class Consideration(Cited):
    """The technical consideration (pertimbangan teknis) that must be there: the office whose consent it is, or the
    authority outside whose letter it is."""

    office: Word | Literal[""] = ""
    issuer: Issuer | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if bool(self.office) == bool(self.issuer):
            raise ValueError("give either the office whose consent it is or the issuer of the letter")
        return self


class Demanded(Cited):
    """A letter of that kind and issuer must be there before the decree (D11, I3)."""

    kind: Literal["proposal", "consent", "transfer"]
    issuer: Issuer


class Waiver(Cited):
    """Why no technical consideration is needed; the citation goes into every decree that is issued without one."""


class Authority(Cited):
    """The office that decides a kind of move, from `valid_from` on, and what must have been consented to before.

    Between agencies it appoints, and the letter `transfer` among `letters` is the decision of the kind's authority.
    """

    kind: Literal[MoveKind, ListKind]
    valid_from: date
    office: Word
    consideration: Consideration | None = None
    waiver: Waiver | None = None
    letters: tuple[Demanded, ...] = ()

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.consideration is None) == (self.waiver is None):
            raise ValueError("give either the consideration that is needed or the waiver that replaces it")
        if (self.kind not in WITHIN) != any(letter.kind == "transfer" for letter in self.letters):
            raise ValueError("between agencies, and only there, letters must name the transfer: who decides (I3)")
        return self

    @property
    def source(self) -> str:
        """What the decree cites: the authority of the kind, then that of the appointment."""
        own = [one.citation for one in self.letters if one.kind == "transfer"]
        return "; ".join(dict.fromkeys([*own, self.citation]))


class Ground(Frozen):
    """On what a decree stands: who decided, the citation of their authority, the consideration or its waiver."""

    signatory: str
    authority: str
    consideration: str = ""
    waiver: str = ""


class Said(Frozen):
    """What was said of a move before its decree: the office that decided, whose consent there is, the letters, and
    whose letters they must be in this move."""

    office: str
    consented: tuple[str, ...] = ()
    letters: tuple[Letter, ...] = ()
    issuers: Mapping[Issuer, str] = {}


class Unlawful(Exception):
    """A decree may not be issued; `code` names the invariant that stands in the way."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Authorities(BaseModel):
    """All entries. Two of one kind that begin on the same day leave open which one counts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    entries: Annotated[tuple[Authority, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_a_day(self) -> Self:
        starts = sorted((entry.kind, entry.valid_from) for entry in self.entries)
        for one, other in pairwise(starts):
            if one == other:
                raise ValueError(f"two entries for moves of kind {one[0]} begin on {one[1]}: give one another day")
        return self

    def on(self, kind: str, day: date) -> Authority:
        """The entry for a kind of move on a day. Raises Unlawful AUTHORITY_MISSING."""
        known = [entry for entry in self.entries if entry.kind == kind and entry.valid_from <= day]
        if not known:
            raise Unlawful("AUTHORITY_MISSING")
        return max(known, key=lambda entry: entry.valid_from)

    def ground(self, kind: str, day: date, said: Said) -> Ground:
        """What a decree of this kind stands on, given what was said before.

        Raises Unlawful: AUTHORITY_MISSING (nobody may issue this kind on that day), AUTHORITY_WRONG (invariant I3: the
        office, or a letter of its issuer is not there), PERTEK_MISSING (invariant I4), LETTERS_OUT_OF_ORDER.
        """
        entry = self.on(kind, day)
        there = {(letter.kind, letter.issuer) for letter in said.letters}
        lacking = [one for one in entry.letters if (one.kind, said.issuers[one.issuer]) not in there]
        if said.office != entry.office or lacking:
            raise Unlawful("AUTHORITY_WRONG")
        if not in_order(said.letters, day):
            raise Unlawful("LETTERS_OUT_OF_ORDER")
        if entry.consideration is None:
            waiver = entry.waiver.citation if entry.waiver else ""
            return Ground(signatory=said.office, authority=entry.source, waiver=waiver)
        needed = entry.consideration
        letter = ("consideration", said.issuers[needed.issuer]) if needed.issuer else None
        if needed.office not in said.consented and letter not in there:
            raise Unlawful("PERTEK_MISSING")
        return Ground(signatory=said.office, authority=entry.source, consideration=needed.office or needed.issuer or "")


def parse_authorities(name: str, content: object) -> Authorities:
    """Authorities from parsed YAML. Raises BadChains."""
    try:
        return Authorities.model_validate(content)
    except ValidationError as error:
        raise BadChains(tuple(sentences(name, content, error))) from None
