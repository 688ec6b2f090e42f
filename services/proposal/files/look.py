"""What a file is, by its content alone; a name or a declared type is never believed. Runs as a process of its own.

Taken are PDF, JPEG and PNG. Not taken are files that are two things at once, that are encrypted, that act when they are
opened (scripts, launches, forms that send), or that carry others. `python -m services.proposal.files.look` reads the
file from its standard input and prints {"media": ...} or {"code": ...}; hostile content can at most end that process.
"""

import json
import resource
import sys
import zipfile
from collections.abc import Iterator
from io import BytesIO
from typing import Literal

from PIL import Image, UnidentifiedImageError
from pyhanko.pdf_utils.generic import ArrayObject, DictionaryObject, IndirectObject, NameObject
from pyhanko.pdf_utils.reader import PdfFileReader

Media = Literal["application/pdf", "image/jpeg", "image/png"]
SECONDS, MEMORY = 8, 1 << 30
PIXELS, NODES = 80_000_000, 200_000
START, END = b"%PDF-", b"%%EOF"
HEAD = 1024
"""Readers look for the start of a PDF in so many bytes: a picture that has one there is both."""
ENDS = {"image/jpeg": b"\xff\xd9", "image/png": b"IEND\xaeB`\x82"}
ACTIVE = frozenset(
    {"/JavaScript", "/JS", "/Launch", "/SubmitForm", "/ImportData", "/RichMedia", "/XFA", "/EmbeddedFile"}
    | {"/EmbeddedFiles", "/EF", "/AA", "/Movie", "/Sound", "/Rendition"}
)
"""Names in a PDF for what acts or carries something (ISO 32000-1, 7.11.4, 12.6, 13)."""


class Unfit(Exception):
    """A file that is not taken, and the code that says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def media_of(content: bytes) -> Media:
    """What the file is. Raises Unfit FILE_TYPE, FILE_MIXED, FILE_UNREADABLE, FILE_ENCRYPTED, FILE_ACTIVE."""
    if content.startswith(START):
        _whole_pdf(content)
        media: Media = "application/pdf"
    else:
        media = _picture(content)
    if zipfile.is_zipfile(BytesIO(content)):
        raise Unfit("FILE_MIXED")
    return media


def _whole_pdf(content: bytes) -> None:
    end = content.rfind(END)
    if end < 0:
        raise Unfit("FILE_UNREADABLE")
    if content[end + len(END) :].strip(b"\r\n\t\0 "):
        raise Unfit("FILE_MIXED")
    try:
        reader = PdfFileReader(BytesIO(content), strict=False)
        if "/Encrypt" in reader.trailer_view:
            raise Unfit("FILE_ENCRYPTED")
        if "/Pages" not in reader.root:
            raise Unfit("FILE_UNREADABLE")
        if any(name in ACTIVE for name in _names(reader)):
            raise Unfit("FILE_ACTIVE")
    except Unfit:
        raise
    except Exception:  # a spoilt file may make its reader fall over anything; the fuzz test found assertions too
        raise Unfit("FILE_UNREADABLE") from None


def _names(reader: PdfFileReader) -> Iterator[str]:
    """Every name in all that can be reached from the trailer, keys and values. Raises Unfit for too large a tree."""
    waiting: list[object] = [reader.trailer_view]
    seen: set[tuple[int, int]] = set()
    for _ in range(NODES):
        if not waiting:
            return
        one = waiting.pop()
        if isinstance(one, IndirectObject):
            if (place := (one.idnum, one.generation)) not in seen:
                seen.add(place)
                waiting.append(reader.get_object(one.reference))  # type: ignore[no-untyped-call]
        elif isinstance(one, DictionaryObject):
            yield from (str(key) for key in one)
            waiting += [one.raw_get(key) for key in one]
        elif isinstance(one, ArrayObject):
            waiting += [one.raw_get(index) for index in range(len(one))]
        elif isinstance(one, NameObject):
            yield str(one)
    raise Unfit("FILE_UNREADABLE")


def _picture(content: bytes) -> Media:
    Image.MAX_IMAGE_PIXELS = None  # counted here, before anything is unpacked
    try:
        with Image.open(BytesIO(content), formats=("JPEG", "PNG")) as picture:
            media: Media = "image/png" if picture.format == "PNG" else "image/jpeg"
            if picture.width * picture.height > PIXELS:
                raise Unfit("FILE_UNREADABLE")
            picture.load()
    except UnidentifiedImageError:
        raise Unfit("FILE_TYPE") from None
    except (OSError, SyntaxError, ValueError):
        raise Unfit("FILE_UNREADABLE") from None
    if not content.endswith(ENDS[media]) or START in content[:HEAD]:
        raise Unfit("FILE_MIXED")
    return media


def main() -> None:
    """One file, within bounds of time and memory."""
    resource.setrlimit(resource.RLIMIT_CPU, (SECONDS, SECONDS))
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))
    try:
        found = ("media", str(media_of(sys.stdin.buffer.read())))
    except Unfit as unfit:
        found = ("code", unfit.code)
    sys.stdout.write(json.dumps(dict([found])))


if __name__ == "__main__":
    main()
