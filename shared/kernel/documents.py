"""The kinds of documents of a move (dokumen persyaratan, domain rule R13) and which of them a kind of move needs.

Source: BKN Regulation 5/2019, documents a to j; the rest as each entry of data/documents.yaml cites. Pure.
"""

from calendar import monthrange
from collections.abc import Collection, Mapping
from datetime import date
from functools import cache
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from shared.kernel import data
from shared.kernel.move import MoveKind

Issuer = Literal["person", "origin_agency", "target_agency", "inspectorate", "anybody"]
_YEAR = 12


class _Cited(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")

    citation: Annotated[str, Field(min_length=1)]
    certainty: Literal["S", "P", "C"]
    valid_from: date


class Kind(_Cited):
    """One kind of document. `opens` are the offices that may see a restricted one."""

    kind: Annotated[str, Field(pattern=r"^[a-z_]{3,40}$")]
    letter: Annotated[str, Field(pattern=r"^[a-j]?$")]
    title: Mapping[Literal["id", "en"], str]
    issuer: Issuer
    filed_by: Literal["anybody", "offices"]
    valid_months: Annotated[int, Field(ge=1)] | None
    restricted: bool
    opens: tuple[str, ...] = ()
    numbered: bool
    instead_of: tuple[str, ...] = ()

    @model_validator(mode="after")
    def _somebody_opens(self) -> Self:
        if self.restricted != bool(self.opens):
            raise ValueError(f"{self.kind}: a restricted document, and no other, names who opens it")
        return self

    def expires_on(self, issued_on: date) -> date | None:
        """The first day on which one of that date is relied on no more; None: never."""
        if self.valid_months is None:
            return None
        years, month = divmod(issued_on.month - 1 + self.valid_months, _YEAR)
        year = issued_on.year + years
        return date(year, month + 1, min(issued_on.day, monthrange(year, month + 1)[1]))


class Need(_Cited):
    """What these kinds of move need: with the submission, and from the stages of their chain."""

    moves: tuple[MoveKind, ...]
    submission: tuple[str, ...]
    chain: tuple[str, ...] = ()


class Documents(BaseModel):
    """All kinds and needs; a need that names no kind is an error at start-up."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kinds: tuple[Kind, ...]
    needs: tuple[Need, ...]

    @model_validator(mode="after")
    def _known(self) -> Self:
        names = [kind.kind for kind in self.kinds]
        named = {name for need in self.needs for name in (*need.submission, *need.chain)}
        named |= {name for kind in self.kinds for name in kind.instead_of}
        if len(names) != len(set(names)) or not named <= set(names):
            raise ValueError(f"kinds must be there once: {sorted(named - set(names)) or names}")
        return self

    def kind(self, name: str) -> Kind | None:
        """The kind of that name, None where there is none."""
        return next((kind for kind in self.kinds if kind.kind == name), None)

    def need(self, move: MoveKind, on: date) -> Need | None:
        """What such a move needs on that day, None for nothing; of several entries the newest counts."""
        holding = [need for need in self.needs if move in need.moves and need.valid_from <= on]
        return max(holding, key=lambda need: need.valid_from, default=None)

    def missing(self, move: MoveKind, on: date, present: Collection[str]) -> tuple[str, ...]:
        """Kinds due with the submission that are neither there nor stood for, in the order of the list."""
        need = self.need(move, on)
        covered = {name for kind in self.kinds if kind.kind in present for name in (kind.kind, *kind.instead_of)}
        return tuple(name for name in need.submission if name not in covered) if need else ()


@cache
def documents() -> Documents:
    """The packaged kinds and needs. Raises pydantic.ValidationError when the file is broken."""
    return Documents.model_validate(data.read("documents"))
