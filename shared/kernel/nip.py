"""The number of a civil servant: NIP of a PNS, NI PPPK of a contract employee. Pure; used by all services.

Source: the layout published by BKN (PNS: birth, month of first appointment, sex, sequence; PPPK: birth, year
of first appointment, 2, frequency, sex, sequence). There is no check digit. A number may be corrected later
and changes when a PPPK becomes PNS, so it never identifies a person inside the system.
"""

from dataclasses import dataclass
from datetime import date
from enum import IntEnum, StrEnum

LENGTH = 18
MINIMUM_AGE = 18  # full years on the day of first appointment
_SHOWN = 4  # sex and sequence: enough for its owner to recognise, no date among them
_PPPK_MARK = "2"  # leads the month slot of a PPPK, where a PNS has 0 or 1


class Kind(StrEnum):
    """Which of the two kinds of civil servant (ASN) the number belongs to."""

    PNS = "PNS"
    PPPK = "PPPK"


class Sex(IntEnum):
    """Sex, as the digit in the number."""

    MALE = 1
    FEMALE = 2


class BadCode(StrEnum):
    """Why a number was refused."""

    BAD_FORMAT = "BAD_FORMAT"
    BAD_BIRTH = "BAD_BIRTH"
    BAD_TMT = "BAD_TMT"
    BAD_SEX = "BAD_SEX"
    BAD_SEQ = "BAD_SEQ"
    TOO_YOUNG = "TOO_YOUNG"
    FUTURE_TMT = "FUTURE_TMT"


class BadNip(ValueError):
    """The text is no valid number. `detail` never repeats it: the message may reach a log."""

    def __init__(self, code: BadCode, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True, repr=False)
class Nip:
    """A number taken apart, as `parse` returns it; `str()` gives the 18 digits, `repr()` hides them.

    `start` is the first of the month of first appointment (TMT CPNS), for a PPPK 1 January of the year (no
    month is known). `frequency` (1-9, which contract) exists only for a PPPK, for a PNS it is None.
    """

    birth: date
    start: date
    kind: Kind
    sex: Sex
    sequence: int
    frequency: int | None = None

    def __str__(self) -> str:
        return _digits(self)

    def __repr__(self) -> str:
        return f"Nip({mask(self)})"


def parse(text: str, today: date) -> Nip:
    """Read a number as written by people: spaces and dots are dropped, hyphens are not.

    Raises BadNip with the first fault found: format, birth, sex, sequence, appointment, age, future.
    """
    digits = text.replace(" ", "").replace(".", "")
    if len(digits) != LENGTH or not (digits.isascii() and digits.isdigit()):
        raise BadNip(BadCode.BAD_FORMAT, f"{LENGTH} ASCII digits expected")
    birth = _birth(digits[:8])
    sex, sequence = _sex(digits[14]), _sequence(digits[15:])
    start, frequency = _start(digits[8:12], digits[12:14])
    kind = Kind.PNS if frequency is None else Kind.PPPK
    if not _old_enough(birth, start, kind):
        raise BadNip(BadCode.TOO_YOUNG, f"younger than {MINIMUM_AGE} at first appointment")
    if start > today:
        raise BadNip(BadCode.FUTURE_TMT, "first appointment lies in the future")
    return Nip(birth, start, kind, sex, sequence, frequency)


def compose(birth: date, start: date, kind: Kind, sex: Sex, sequence: int, frequency: int = 1) -> str:
    """Build the 18 digits; the day of `start` (and for a PPPK its month) is not part of them.

    `frequency` counts for a PPPK only. Raises BadNip like `parse`, except FUTURE_TMT: no day to ask from is
    given.
    """
    digits = _digits(Nip(birth, start, kind, sex, sequence, frequency if kind is Kind.PPPK else None))
    parse(digits, today=date.max)
    return digits


def mask(nip: Nip | str) -> str:
    """Hide all but sex and sequence, for screens and messages; a text of any other length is hidden whole."""
    digits = str(nip)
    shown = digits[-_SHOWN:] if len(digits) == LENGTH else ""
    return "*" * (LENGTH - len(shown)) + shown


def _digits(nip: Nip) -> str:
    slot = f"{nip.start:%m}" if nip.frequency is None else f"{_PPPK_MARK}{nip.frequency}"
    # strftime does not pad years below 1000, so the years are padded here.
    birth = f"{nip.birth.year:04}{nip.birth:%m%d}"
    return f"{birth}{nip.start.year:04}{slot}{nip.sex.value}{nip.sequence:03}"


def _birth(digits: str) -> date:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:
        raise BadNip(BadCode.BAD_BIRTH, "no such day of birth") from None


def _sex(digit: str) -> Sex:
    try:
        return Sex(int(digit))
    except ValueError:
        raise BadNip(BadCode.BAD_SEX, "sex is 1 or 2") from None


def _sequence(digits: str) -> int:
    if digits == "000":
        raise BadNip(BadCode.BAD_SEQ, "sequence is 001 to 999")
    return int(digits)


def _start(year: str, slot: str) -> tuple[date, int | None]:
    pppk = slot[0] == _PPPK_MARK and slot[1] != "0"
    try:
        if pppk:
            return date(int(year), 1, 1), int(slot[1])
        return date(int(year), int(slot), 1), None
    except ValueError:
        raise BadNip(BadCode.BAD_TMT, "no such month of first appointment") from None


def _old_enough(birth: date, start: date, kind: Kind) -> bool:
    years = start.year - birth.year
    if kind is Kind.PPPK:
        # Only the year is known: refuse only who cannot have been old enough on any day of it.
        return years >= MINIMUM_AGE
    before_birthday = (start.month, start.day) < (birth.month, birth.day)
    return years - before_birthday >= MINIMUM_AGE
