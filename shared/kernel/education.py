"""Levels of education with the grades they open and end at. Pure; used by registry and evaluation.

Source: BKN's reference table (certainty S). The field of study is a separate matter, told by programme code.
"""

from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field

from shared.kernel import data
from shared.kernel.rank import Grade, PppkGrade, Scale


class Education(Scale):
    """Level of education (tingkat pendidikan); the value is its BKN id.

    Ordered by `step`: D-IV and S-1 stand on one, as the regulations name them together ("S1/D-IV"), so each
    satisfies a demand for the other. `first` and `ceiling` are the grade (golongan) a PNS with it starts at
    and ends at by ordinary promotion.
    """

    title: str
    first: Grade
    ceiling: Grade

    # The defaults are never used: type checkers take the lookup Education("40") for a call of this.
    def __new__(cls, bkn_id: str, title: str = "", first: Grade = Grade.I_A, ceiling: Grade = Grade.IV_E) -> Self:
        member = object.__new__(cls)
        member._value_ = bkn_id
        member.title = title
        member.first = first
        member.ceiling = ceiling
        return member

    SD = "05", "SD", Grade.I_A, Grade.II_A
    SLTP = "10", "SLTP", Grade.I_C, Grade.II_C
    SLTA = "15", "SLTA", Grade.II_A, Grade.III_B
    D1 = "20", "D-I", Grade.II_A, Grade.III_B
    D2 = "25", "D-II", Grade.II_B, Grade.III_B
    D3 = "30", "D-III", Grade.II_C, Grade.III_C
    D4 = "35", "D-IV", Grade.III_A, Grade.III_D
    S1 = "40", "S-1", Grade.III_A, Grade.III_D
    S2 = "45", "S-2", Grade.III_B, Grade.IV_A
    S3 = "50", "S-3", Grade.III_C, Grade.IV_B

    @property
    def step(self) -> int:
        """Place on the scale, from 0; D-IV takes that of S-1."""
        return super().step if self is not Education.D4 else Education.S1.step


class PppkEntry(BaseModel):
    """Entry grade of a PPPK by level of education: a dated default (certainty P), not law."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    certainty: Literal["S", "P", "C"]
    source: Annotated[str, Field(min_length=1)]
    entry: dict[Education, PppkGrade]


def pppk_entry() -> PppkEntry:
    """The packaged table of entry grades. Raises pydantic.ValidationError when the file is broken."""
    return PppkEntry.model_validate(data.read("pppk_entry"))
