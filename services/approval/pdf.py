"""The printed decree: from its data to PDF, in a process of its own, for typst keeps a core busy.

The same data give the same bytes: fonts are those inside typst, the document's clock is the decree's date.
"""

import asyncio
import json
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime, time
from functools import cache
from importlib.resources import files
from typing import Literal

import typst

from shared.kernel.decider import Frozen

MONTHS = (
    *("Januari", "Februari", "Maret", "April", "Mei", "Juni"),
    *("Juli", "Agustus", "September", "Oktober", "November", "Desember"),
)
PROCESSES = 2


class Seat(Frozen):
    """A post and its unit by name."""

    post: str
    unit: str


class Sheet(Frozen):
    """All that stands on a printed decree. Empty names mean that the person was forgotten on purpose."""

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
    status: Literal["valid", "revoked"] = "valid"


def spoken(day: date) -> str:
    """A date as Indonesian decrees write it: 1 Januari 2027."""
    return f"{day.day} {MONTHS[day.month - 1]} {day.year}"


def render(sheet: Sheet) -> bytes:
    """The PDF of a decree. Raises typst.TypstError when the template is broken."""
    data = {
        **sheet.model_dump(mode="json"),
        "issued_on": spoken(sheet.issued_on),
        "effective_on": spoken(sheet.effective_on),
    }
    printed = typst.compile(
        files(__package__).joinpath("templates/decree.typ").read_bytes(),
        format="pdf",
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data)},
        timestamp=int(datetime.combine(sheet.issued_on, time(), UTC).timestamp()),
    )
    if not isinstance(printed, bytes):
        raise TypeError("typst gave several files for one decree")
    return printed


@cache
def _pool() -> ProcessPoolExecutor:
    # spawn, not fork: this process runs an event loop and threads of motor, which a fork would copy half.
    return ProcessPoolExecutor(PROCESSES, mp_context=multiprocessing.get_context("spawn"))


async def printed(sheet: Sheet) -> bytes:
    """`render` off the event loop."""
    return await asyncio.get_running_loop().run_in_executor(_pool(), render, sheet)
