"""What a signer of papers is asked, and how it may answer."""

from typing import Protocol

from shared.kernel.decider import Frozen


class Order(Frozen):
    """Who is to sign which paper: the office of an agency, its name in words, and the person who holds it."""

    paper: str
    agency: str
    office: str
    agency_name: str
    office_name: str
    signer_name: str


class SignerRefused(Exception):
    """The signer said no, and asking again will not help. `code` is ours, `said` its own words."""

    def __init__(self, code: str, said: str = "") -> None:
        super().__init__(code)
        self.code, self.said = code, said


class SignerAway(Exception):
    """No answer, or not now: worth another try."""


class Signer(Protocol):
    """Signs a PDF as an incremental update (PAdES): what was given stays, byte for byte, at the front."""

    async def sign(self, paper: bytes, order: Order, /) -> bytes:
        """The signed PDF. Raises SignerRefused, SignerAway."""
