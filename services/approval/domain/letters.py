"""The letters that a move between agencies rests on (D11): whose they must be, and whether one will do. Pure."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, get_args

from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from shared.contracts.registry import Placement
from shared.contracts.stages import Letter, LetterKind, PlannedStage
from shared.kernel.decider import Command, Refused

Issuer = Literal[
    "origin_ppk", "target_ppk", "origin_governor", "target_governor", "bkn", "home_affairs", "foreign_affairs"
]
ORDER: tuple[LetterKind, ...] = get_args(LetterKind)
"""The letters in the order of their dates; the appointment, our own decree, comes after them."""


class Needed(BaseModel):
    """Which letter a stage brings, and whose it must be."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: LetterKind
    issuer: Issuer

    @property
    def external(self) -> bool:
        """True when who issues it does not work here: a clerk enters what the letter says."""
        return not self.issuer.endswith("_ppk")


class Entered(Command):
    """A letter as somebody enters it: its number, day and file (SHA-256, hex), and whose it is as it says itself."""

    number: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=120)]
    dated: date
    sha256: Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
    issuer: Annotated[str, StringConstraints(strip_whitespace=True, max_length=120)] = ""


def issuer_of(issuer: Issuer, origin: Placement, target: Placement, provinces: Mapping[str, str]) -> str:
    """Whose letter it must be in a move from `origin` to `target`, as `Letter.issuer`; `provinces` by agency."""
    side, _, office = issuer.partition("_")
    if side not in ("origin", "target"):
        return issuer
    agency = (origin if side == "origin" else target).agency
    return f"{office}:{agency if office == 'ppk' else provinces[agency]}"


def letter_of(stage: PlannedStage, entered: Entered | None, before: Sequence[Letter], today: date) -> Letter | None:
    """The letter of an approval at this stage, None where none is asked for.

    Raises Refused: LETTER_NEEDED, LETTER_NOT_ASKED, AUTHORITY_WRONG (I3: another's letter), LETTER_DATE (in the future,
    or before a letter that it rests on).
    """
    if stage.letter is None:
        if entered is not None:
            raise Refused("LETTER_NOT_ASKED", status=422, where="letter", stage=stage.id)
        return None
    if entered is None:
        raise Refused("LETTER_NEEDED", status=422, where="letter", stage=stage.id, issuer=stage.issuer)
    own = "" if stage.external else stage.issuer
    if (entered.issuer or own) != stage.issuer:
        raise Refused("AUTHORITY_WRONG", status=422, where="letter.issuer", stage=stage.id, issuer=stage.issuer)
    earliest = max((letter.dated for letter in before), default=date.min)
    if not earliest <= entered.dated <= today:
        bounds = {"earliest": earliest.isoformat(), "latest": today.isoformat()}
        raise Refused("LETTER_DATE", status=422, where="letter.dated", stage=stage.id, **bounds)
    return Letter(**entered.model_dump() | {"kind": stage.letter, "issuer": stage.issuer})


def in_order(letters: Sequence[Letter], issued_on: date) -> bool:
    """True when each letter is at least as old as the next one, and the decree the youngest."""
    days = [letter.dated for letter in sorted(letters, key=lambda letter: ORDER.index(letter.kind))]
    return [*days, issued_on] == sorted([*days, issued_on])
