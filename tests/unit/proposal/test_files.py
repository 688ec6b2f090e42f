"""What may come in: by content alone, and nothing that is locked, acts, or is two things at once."""

import io
import zipfile
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from services.proposal.files.child import looked_at
from services.proposal.files.look import Unfit, media_of
from shared.kernel.decider import Refused
from tests.support.papers import pdf


def picture(kind: str, size: tuple[int, int] = (8, 8), mode: str = "RGB") -> bytes:
    """A small picture."""
    out = io.BytesIO()
    Image.new(mode, size, "white").save(out, kind)
    return out.getvalue()


def archive() -> bytes:
    """A zip file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("a.exe", "MZ")
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (pdf(), "application/pdf"),
        (pdf() + b"\r\n", "application/pdf"),
        (picture("JPEG"), "image/jpeg"),
        (picture("PNG"), "image/png"),
    ],
)
def test_papers_and_pictures_are_taken(content: bytes, media: str) -> None:
    assert media_of(content) == media


BAD: dict[str, tuple[Callable[[], bytes], str]] = {
    "nothing": (lambda: b"", "FILE_TYPE"),
    "text": (lambda: b"Surat pernyataan", "FILE_TYPE"),
    "a page": (lambda: b"<html><script>alert(1)</script></html>", "FILE_TYPE"),
    "an office file": (archive, "FILE_TYPE"),
    "another picture": (lambda: picture("GIF"), "FILE_TYPE"),
    "a program": (lambda: b"MZ" + bytes(200), "FILE_TYPE"),
    "only a beginning": (lambda: b"%PDF-1.7\n", "FILE_UNREADABLE"),
    "only the ends": (lambda: b"%PDF-1.7\n%%EOF", "FILE_UNREADABLE"),
    "cut off": (lambda: pdf()[:-40], "FILE_UNREADABLE"),
    "a picture cut off": (lambda: picture("PNG", (200, 200))[:-30], "FILE_UNREADABLE"),
    "too many points": (lambda: picture("PNG", (20_000, 5_000), "1"), "FILE_UNREADABLE"),
    "locked": (lambda: pdf(trailer="/Encrypt << /Filter /Standard /V 2 /R 3 /O (a) /U (b) /P 4 >>"), "FILE_ENCRYPTED"),
    "a script": (lambda: pdf(catalog="/OpenAction << /S /JavaScript /JS (app.alert(1)) >>"), "FILE_ACTIVE"),
    "a script with its name hidden": (lambda: pdf(catalog="/OpenAction << /S /J#61vaScript >>"), "FILE_ACTIVE"),
    "a launch": (lambda: pdf(catalog="/OpenAction << /S /Launch /F (cmd.exe) >>"), "FILE_ACTIVE"),
    "an attachment": (lambda: pdf(catalog="/Names << /EmbeddedFiles << /Names [] >> >>"), "FILE_ACTIVE"),
    "a form that sends": (lambda: pdf(catalog="/AcroForm << /XFA (x) >>"), "FILE_ACTIVE"),
    "deep in a list": (lambda: pdf(catalog="/A [[[[<< /B << /S /SubmitForm >> >>]]]]"), "FILE_ACTIVE"),
    "and an archive behind": (lambda: pdf() + archive(), "FILE_MIXED"),
    "and text behind": (lambda: pdf() + b"<script>", "FILE_MIXED"),
    "a picture and an archive": (lambda: picture("PNG") + archive(), "FILE_MIXED"),
    "a picture and a page": (lambda: picture("JPEG") + b"<html>", "FILE_MIXED"),
}


@pytest.mark.parametrize(("make", "code"), BAD.values(), ids=BAD.keys())
def test_what_is_not_taken_is_told_why(make: Callable[[], bytes], code: str) -> None:
    with pytest.raises(Unfit) as unfit:
        media_of(make())
    assert unfit.value.code == code


@settings(max_examples=60, deadline=None)
@given(places=st.lists(st.tuples(st.integers(0, 2000), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6))
def test_a_spoilt_file_is_taken_or_told_why_and_nothing_else(places: list[tuple[int, bytes]]) -> None:
    for content in (bytearray(pdf()), bytearray(picture("JPEG")), bytearray(picture("PNG"))):
        for place, junk in places:
            start = place % len(content)
            content[start : start + len(junk)] = junk
        assert verdict(bytes(content)).startswith(("application/pdf", "image/", "FILE_"))


def verdict(content: bytes) -> str:
    """What it is, or why it is not taken."""
    try:
        return str(media_of(content))
    except Unfit as unfit:
        return unfit.code


async def test_a_process_of_its_own_looks() -> None:
    """The same answers, and nothing of the parent's environment is needed."""
    assert await looked_at(pdf()) == "application/pdf"
    with pytest.raises(Refused) as refused:
        await looked_at(BAD["a script"][0]())
    assert (refused.value.code, refused.value.status) == ("FILE_ACTIVE", 422)
    with pytest.raises(Refused, match="FILE_TYPE"):
        await looked_at(b"Surat pernyataan")
