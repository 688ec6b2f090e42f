"""What the approval service tells of electronic signatures on its papers: decrees, amending and revoking ones."""

from datetime import datetime
from typing import ClassVar

from shared.kernel.decider import Event


class SignatureAsked(Event):
    """A paper waits for its signature: because it was issued (`by` empty), or because somebody asked (again).

    `n` counts how often this paper's signature was asked for.
    """

    TYPE: ClassVar[str] = "mutasi.decree.signature_asked.v1"
    case: str
    decree: str
    paper: str
    person: str
    agency: str
    office: str
    digest: str
    n: int
    by: str = ""


class DecreeSigned(Event):
    """The paper is signed. `sha256` is that of the signed file, `digest` that of the data.

    `signed_at` is the time stamp's. `by` holds the office whose signature it is; `attempts` counts how often the signer
    was asked until then.
    """

    TYPE: ClassVar[str] = "mutasi.decree.signed.v1"
    case: str
    decree: str
    paper: str
    person: str
    agency: str
    office: str
    digest: str
    sha256: str
    signed_at: datetime
    by: str
    attempts: int = 1


class SignatureRefused(Event):
    """The signer refused, or did not answer for too long; `code` says why. It may be asked again."""

    TYPE: ClassVar[str] = "mutasi.decree.signature_refused.v1"
    case: str
    decree: str
    paper: str
    person: str
    agency: str
    code: str
    attempts: int = 1


class SignedPaperForgotten(Event):
    """The person whom the signed file names was forgotten: the file is to be erased."""

    TYPE: ClassVar[str] = "mutasi.decree.signed_paper_forgotten.v1"
    case: str
    decree: str
    paper: str
    person: str


class SignedPaperErased(Event):
    """The signed file is gone. That the paper was signed stays known."""

    TYPE: ClassVar[str] = "mutasi.decree.signed_paper_erased.v1"
    case: str
    decree: str
    paper: str
    person: str


EVENTS = (SignatureAsked, DecreeSigned, SignatureRefused, SignedPaperForgotten, SignedPaperErased)
