"""What a factor says: its part of the score, and in which direction it goes. Pure."""

from fractions import Fraction
from typing import Literal, NamedTuple

Direction = Literal["rising", "falling", "none"]
"""More of the factor's datum (`DATUM`) makes the share higher, lower, or neither by itself."""


class Part(NamedTuple):
    """One factor: what was found, as a share of 1 (None: missing), and what makes a full share."""

    raw: str
    share: Fraction | None
    scale: str


def missing(scale: str = "") -> Part:
    """Nothing is known, which is not zero."""
    return Part("", None, scale)
