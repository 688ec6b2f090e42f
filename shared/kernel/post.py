"""Kinds of post, levels of functional posts, retirement dates. Pure; used by registry and evaluation.

Sources: UU 20/2023 (kinds; ps 55 retirement ages, certainty S), PermenPANRB 45/2022 (staff posts), BKN's
reference tables (ids and level codes, S). Whether a person may hold a post is a rule of the evaluation, not
decided here.
"""

from datetime import date
from enum import Enum, IntEnum, StrEnum
from typing import Self

from shared.kernel.calendar import MONTHS_A_YEAR, add_months
from shared.kernel.rank import Grade


class SiasnType(IntEnum):
    """Type of post (jenis jabatan) as SIASN numbers it."""

    STRUCTURAL = 1
    FUNCTIONAL = 2
    COMBINED = 3
    STAFF = 4


class PostKind(Enum):
    """Kind of post (jenis jabatan).

    The JPT are the senior executives (jabatan pimpinan tinggi), SUPERVISOR is pengawas, STAFF pelaksana,
    FUNCTIONAL fungsional. `echelons` are the old echelons it covers. `retirement_age` is the usual one in
    full years, None where only the single post tells it (functional posts).
    """

    siasn: SiasnType
    echelons: tuple[str, ...]
    retirement_age: int | None

    # Type checkers take the lookup PostKind("staff") for a call of this: hence the default of `siasn`.
    def __new__(
        cls,
        code: str,
        siasn: SiasnType = SiasnType.STAFF,
        echelons: tuple[str, ...] = (),
        retirement_age: int | None = None,
    ) -> Self:
        member = object.__new__(cls)
        member._value_ = code
        member.siasn = siasn
        member.echelons = echelons
        member.retirement_age = retirement_age
        return member

    JPT_UTAMA = "jpt_utama", SiasnType.STRUCTURAL, ("I.a",), 60
    JPT_MADYA = "jpt_madya", SiasnType.STRUCTURAL, ("I.a", "I.b"), 60
    JPT_PRATAMA = "jpt_pratama", SiasnType.STRUCTURAL, ("II.a", "II.b"), 60
    ADMINISTRATOR = "administrator", SiasnType.STRUCTURAL, ("III.a", "III.b"), 58
    SUPERVISOR = "supervisor", SiasnType.STRUCTURAL, ("IV.a", "IV.b"), 58
    STAFF = "staff", SiasnType.STAFF, (), 58
    FUNCTIONAL = "functional", SiasnType.FUNCTIONAL

    @property
    def structural(self) -> bool:
        """True for the managerial kinds (manajerial), whose holders are officials (pejabat)."""
        return self.siasn is SiasnType.STRUCTURAL


class Track(StrEnum):
    """Track of a functional post: skill (keterampilan) or expertise (keahlian)."""

    SKILL = "skill"
    EXPERTISE = "expertise"


class FunctionalLevel(Enum):
    """Level of a functional post (jenjang); the value is BKN's code.

    `lowest` to `highest` are its grades (golongan), both inside.
    """

    track: Track
    title: str
    lowest: Grade
    highest: Grade

    # The defaults are never used: type checkers take the lookup FunctionalLevel("MU") for a call of this.
    def __new__(
        cls,
        code: str,
        track: Track = Track.SKILL,
        title: str = "",
        lowest: Grade = Grade.I_A,
        highest: Grade = Grade.IV_E,
    ) -> Self:
        member = object.__new__(cls)
        member._value_ = code
        member.track = track
        member.title = title
        member.lowest = lowest
        member.highest = highest
        return member

    BEGINNER = "PM", Track.SKILL, "pemula", Grade.II_A, Grade.II_A
    SKILLED = "TR", Track.SKILL, "terampil", Grade.II_B, Grade.II_D
    PROFICIENT = "MH", Track.SKILL, "mahir", Grade.III_A, Grade.III_B
    OVERSEER = "PY", Track.SKILL, "penyelia", Grade.III_C, Grade.III_D
    FIRST_EXPERT = "PT", Track.EXPERTISE, "ahli pertama", Grade.III_A, Grade.III_B
    JUNIOR_EXPERT = "MU", Track.EXPERTISE, "ahli muda", Grade.III_C, Grade.III_D
    MIDDLE_EXPERT = "MA", Track.EXPERTISE, "ahli madya", Grade.IV_A, Grade.IV_C
    PRINCIPAL_EXPERT = "UT", Track.EXPERTISE, "ahli utama", Grade.IV_D, Grade.IV_E

    def covers(self, grade: Grade) -> bool:
        """True when the grade lies in the range of this level."""
        return self.lowest <= grade <= self.highest


class RetirementAgeUnknown(ValueError):
    """Neither the post nor its kind tells at which age its holder retires."""

    def __init__(self, kind: PostKind) -> None:
        super().__init__(f"a post of kind {kind.value} must carry its own retirement age")
        self.kind = kind


def retirement_age(kind: PostKind, of_post: int | None = None) -> int:
    """Retirement age (BUP) in full years: the post's own goes before the usual one of its kind.

    Raises RetirementAgeUnknown for a functional post without one: its level does not tell (BKN's table
    differs within one level).
    """
    age = kind.retirement_age if of_post is None else of_post
    if age is None:
        raise RetirementAgeUnknown(kind)
    return age


def retirement_date(birth: date, age: int) -> date:
    """First day of retirement (TMT pensiun): the 1st of the month after the birthday of `age` years."""
    return add_months(birth.replace(day=1), age * MONTHS_A_YEAR + 1)
