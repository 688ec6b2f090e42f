"""Grades of civil servants: rank of a PNS (golongan/pangkat) and grade of a PPPK. Pure; used by all services.

Source: BKN's reference table (ids and names, certainty S). The grades of a PPPK have no rank names and stand
on a scale of their own.
"""

from enum import Enum
from typing import Self


class NotComparable(TypeError):
    """Two values of different scales were put in an order that does not exist."""

    def __init__(self, left: object, right: object) -> None:
        super().__init__(f"{left} and {right} are not on one scale")
        self.left = left
        self.right = right


class Scale(Enum):
    """An enum whose members are ordered among themselves, lowest first, and with nothing else.

    `<`, `<=`, `>`, `>=` with anything of another class raise NotComparable.
    """

    @property
    def step(self) -> int:
        """Place on the scale, from 0; members on one step differ, yet neither is above the other."""
        return list(type(self)).index(self)

    def _steps(self, other: object) -> tuple[int, int]:
        if not isinstance(other, type(self)):
            raise NotComparable(self, other)
        return self.step, other.step

    def __lt__(self, other: object) -> bool:
        mine, theirs = self._steps(other)
        return mine < theirs

    def __le__(self, other: object) -> bool:
        mine, theirs = self._steps(other)
        return mine <= theirs

    def __gt__(self, other: object) -> bool:
        mine, theirs = self._steps(other)
        return mine > theirs

    def __ge__(self, other: object) -> bool:
        mine, theirs = self._steps(other)
        return mine >= theirs


class Grade(Scale):
    """Grade of a PNS (golongan ruang), I/a to IV/e; the value is its code, as written in decrees."""

    bkn_id: str
    rank: str

    # The defaults are never used: type checkers take the lookup Grade("III/c") for a call of this.
    def __new__(cls, code: str, bkn_id: str = "", rank: str = "") -> Self:
        member = object.__new__(cls)
        member._value_ = code
        member.bkn_id = bkn_id
        member.rank = rank
        return member

    I_A = "I/a", "11", "Juru Muda"
    I_B = "I/b", "12", "Juru Muda Tk I"
    I_C = "I/c", "13", "Juru"
    I_D = "I/d", "14", "Juru Tk I"
    II_A = "II/a", "21", "Pengatur Muda"
    II_B = "II/b", "22", "Pengatur Muda Tk I"
    II_C = "II/c", "23", "Pengatur"
    II_D = "II/d", "24", "Pengatur Tk I"
    III_A = "III/a", "31", "Penata Muda"
    III_B = "III/b", "32", "Penata Muda Tk I"
    III_C = "III/c", "33", "Penata"
    III_D = "III/d", "34", "Penata Tk I"
    IV_A = "IV/a", "41", "Pembina"
    IV_B = "IV/b", "42", "Pembina Tk I"
    IV_C = "IV/c", "43", "Pembina Utama Muda"
    IV_D = "IV/d", "44", "Pembina Utama Madya"
    IV_E = "IV/e", "45", "Pembina Utama"

    @classmethod
    def of_bkn(cls, bkn_id: str) -> "Grade":
        """The grade with this BKN id ("11".."45"). Raises KeyError for an unknown one."""
        return {grade.bkn_id: grade for grade in cls}[bkn_id]


class PppkGrade(Scale):
    """Grade of a PPPK (golongan), I to XVII, without rank names; no order exists between it and a Grade."""

    G1 = "I"
    G2 = "II"
    G3 = "III"
    G4 = "IV"
    G5 = "V"
    G6 = "VI"
    G7 = "VII"
    G8 = "VIII"
    G9 = "IX"
    G10 = "X"
    G11 = "XI"
    G12 = "XII"
    G13 = "XIII"
    G14 = "XIV"
    G15 = "XV"
    G16 = "XVI"
    G17 = "XVII"
