"""Who may issue a decree of which kind, and after whose technical consideration, as dated, cited data. Pure."""

from datetime import date
from itertools import pairwise
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from services.approval.domain.chain import BadChains, Cited, Word, sentences
from shared.kernel.decider import Frozen


class Consideration(Cited):
    """The technical consideration (pertimbangan teknis) that must be there: the office whose consent it is."""

    office: Word


class Waiver(Cited):
    """Why no technical consideration is needed; the citation goes into every decree that is issued without one."""


class Authority(Cited):
    """The office that decides a kind of move, from `valid_from` on, and what must have been consented to before."""

    kind: Word
    valid_from: date
    office: Word
    consideration: Consideration | None = None
    waiver: Waiver | None = None

    @model_validator(mode="after")
    def _one_of_both(self) -> Self:
        if (self.consideration is None) == (self.waiver is None):
            raise ValueError("give either the consideration that is needed or the waiver that replaces it")
        return self


class Ground(Frozen):
    """On what a decree stands: who decided, the citation of their authority, the consideration or its waiver."""

    signatory: str
    authority: str
    consideration: str = ""
    waiver: str = ""


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

    def ground(self, kind: str, day: date, office: str, consented: tuple[str, ...]) -> Ground:
        """What a decree of this kind stands on, given who decided and whose consent there is.

        Raises Unlawful: AUTHORITY_MISSING (nobody may issue this kind on that day), AUTHORITY_WRONG (invariant I3),
        PERTEK_MISSING (invariant I4).
        """
        known = [entry for entry in self.entries if entry.kind == kind and entry.valid_from <= day]
        if not known:
            raise Unlawful("AUTHORITY_MISSING")
        entry = max(known, key=lambda entry: entry.valid_from)
        if office != entry.office:
            raise Unlawful("AUTHORITY_WRONG")
        if entry.consideration is None:
            waiver = entry.waiver.citation if entry.waiver else ""
            return Ground(signatory=office, authority=entry.citation, waiver=waiver)
        if entry.consideration.office not in consented:
            raise Unlawful("PERTEK_MISSING")
        return Ground(signatory=office, authority=entry.citation, consideration=entry.consideration.office)


def parse_authorities(name: str, content: object) -> Authorities:
    """Authorities from parsed YAML. Raises BadChains."""
    try:
        return Authorities.model_validate(content)
    except ValidationError as error:
        raise BadChains(tuple(sentences(name, content, error))) from None
