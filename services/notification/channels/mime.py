"""A mail as it stands on the wire (RFC 2045, 2046, 2047, 5322).

The standard library's builder parses each header that it is given, which took most of a message's time; the parts of
our mails are few and known, so they are put together here. Only what is not ASCII goes through `email.header`.
"""

from binascii import b2a_base64, b2a_qp
from collections.abc import Iterable, Sequence
from email.header import Header
from email.utils import formataddr
from typing import NamedTuple

# No body in quoted-printable or base64 has "=_" in it, so no boundary ever stands in one (RFC 2045 6.7).
_BOUNDARY, LONGEST_LINE, LINE = "=_mutasi_", 900, 57
Fields = Iterable[tuple[str, str]]


class Part(NamedTuple):
    """One part: its fields, ready for the wire, and its encoded body."""

    fields: tuple[tuple[str, str], ...]
    body: bytes

    def wire(self, more: Fields = ()) -> bytes:
        """Fields, an empty line, the body; `more` go first."""
        head = "".join(f"{name}: {value}\r\n" for name, value in (*more, *self.fields))
        return b"%s\r\n%s" % (head.encode("ascii"), self.body)


def words(name: str, text: str) -> str:
    """The value of a field in which words stand: one line of plain ASCII as it is, else folded encoded words."""
    if text.isascii() and len(text) < LONGEST_LINE:
        return text
    return Header(text, "utf-8", header_name=name).encode(linesep="\r\n")


def mailbox(name: str, shown: str, address: str) -> str:
    """The value of an address field; `shown` has no control characters in it."""
    return formataddr((shown, address)) if shown.isascii() else f"{words(name, shown)} <{address}>"


def text(subtype: str, content: str) -> Part:
    """Words for people, in quoted-printable."""
    lines = content.replace("\r\n", "\n").replace("\n", "\r\n").encode()
    kind = ("Content-Type", f'text/{subtype}; charset="utf-8"')
    return Part((kind, ("Content-Transfer-Encoding", "quoted-printable")), b2a_qp(lines))


def file(kind: str, name: str, content: bytes) -> Part:
    """A file to keep, in base64; `kind` is its type with parameters."""
    lines = (b2a_base64(content[at : at + LINE], newline=False) for at in range(0, len(content), LINE))
    where = ("Content-Disposition", f'attachment; filename="{name}"')
    return Part((("Content-Type", kind), ("Content-Transfer-Encoding", "base64"), where), b"\r\n".join(lines))


def together(subtype: str, parts: Sequence[Part]) -> Part:
    """Several parts as one: `alternative`, or `mixed` with a body first."""
    boundary = f"{_BOUNDARY}{subtype}"
    rule = b"--" + boundary.encode()
    body = b"".join(rule + b"\r\n" + part.wire() + b"\r\n" for part in parts)
    return Part((("Content-Type", f'multipart/{subtype}; boundary="{boundary}"'),), body + rule + b"--\r\n")
