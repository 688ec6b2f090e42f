"""The printed decree: from its data to PDF/A, in a process of its own, for typst keeps a core busy.

The same data give the same bytes: fonts are those inside typst, the document's clock is the decree's date. PDF/A-2a and
PDF/UA-1: archival, tagged, with a text for the QR code.
"""

import asyncio
import json
import multiprocessing
import os
import time
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from datetime import time as clock
from functools import cache
from io import BytesIO
from pathlib import Path
from threading import Thread
from typing import Literal

import segno
import typst

from shared.kernel.decider import Frozen

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
PROCESSES = 2
WATCH = 1.0  # seconds
TEMPLATES = Path(__file__).with_name("templates")


class Seat(Frozen):
    """A post and its unit by name."""

    post: str
    unit: str


class Between(Frozen):
    """What a move between agencies prints besides: the agency that is left, and the letters it rests on (D11)."""

    origin: str
    letters: tuple[str, ...]


class Note(Frozen):
    """A correction as it is printed: what stood there, what is right, since when."""

    part: str
    wrong: str
    right: str
    on: date


class Sheet(Frozen):
    """All that stands on a printed decree. Empty names mean that the person was forgotten on purpose.

    `layout` names the letterhead (templates/agency/<layout>.typ). `refers` is the number of the decree that
    an amendment or revocation is about; `suspends` that the amendment is a suspension; `address` is where the decree
    can be verified, and becomes the QR code.
    `electronic` says that the file is signed electronically, so that what is printed from it is a copy.
    """

    kind: Literal["transfer", "amendment", "revocation"] = "transfer"
    layout: str = "default"
    agency: str
    number: str
    person: str
    nip: str
    origin: Seat
    target: Seat
    issued_on: date
    effective_on: date
    signatory: str
    signed_by: str
    digest: str
    status: Literal["valid", "revoked", "sample"] = "valid"
    authority: str = ""
    ground: str = ""
    refers: str = ""
    refers_on: date | None = None
    was_effective_on: date | None = None
    reason: str = ""
    suspends: bool = False
    corrections: tuple[Note, ...] = ()
    address: str = ""
    electronic: bool = False
    between: Between | None = None


def spoken(day: date) -> str:
    """A date as Indonesian decrees write it: 1 Januari 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def _data(sheet: Sheet) -> str:
    days = {name: spoken(value) for name, value in sheet if isinstance(value, date)}
    notes = [note.model_dump(mode="json") | {"on": spoken(note.on)} for note in sheet.corrections]
    return json.dumps({**sheet.model_dump(mode="json"), **days, "corrections": notes})


def _code(address: str) -> str:
    picture = BytesIO()
    segno.make(address, error="m", micro=False).save(picture, kind="svg", xmldecl=False)
    return picture.getvalue().decode()


def render(sheet: Sheet) -> bytes:
    """The PDF of a decree. Raises typst.TypstError when the template is broken."""
    own = TEMPLATES / "agency" / f"{sheet.layout}.typ"
    layout = sheet.layout if own.exists() else "default"
    printed = typst.compile(
        str(TEMPLATES / "decree.typ"),
        root=str(TEMPLATES),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": _data(sheet), "layout": layout, "code": _code(sheet.address) if sheet.address else ""},
        pdf_standards=["a-2a", "ua-1"],
        timestamp=int(datetime.combine(sheet.issued_on, clock(), UTC).timestamp()),
    )
    if not isinstance(printed, bytes):
        raise TypeError("typst gave several files for one decree")
    return printed


@cache
def pool() -> ProcessPoolExecutor:
    """Where what keeps a core busy is done."""
    # spawn, not fork: this process runs an event loop and threads of motor, which a fork would copy half.
    context = multiprocessing.get_context("spawn")
    return ProcessPoolExecutor(PROCESSES, mp_context=context, initializer=_end_with, initargs=(os.getpid(),))


def _end_with(parent: int) -> None:
    """Ends this process when its parent is gone: one that was killed cannot end its pool."""

    def watch() -> None:
        while os.getppid() == parent:
            time.sleep(WATCH)
        os._exit(0)

    Thread(target=watch, daemon=True).start()


async def printed(sheet: Sheet) -> bytes:
    """`render` off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(pool(), render, sheet)
