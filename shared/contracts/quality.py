"""How good an agency's records are: looked at daily and after every import, and what has to be mended."""

from collections.abc import Mapping
from datetime import date
from typing import ClassVar

from shared.kernel.decider import Event


class QualityAsked(Event):
    """The records of an agency are to be looked at soon: a file was imported, or somebody asked."""

    TYPE: ClassVar[str] = "mutasi.quality.asked.v1"
    KEY: ClassVar[str] = "agency"
    agency: str
    on: date


class QualityMeasured(Event):
    """The records were looked at: `people` in all, `sound` without a defect, and how many show each indicator.

    `closed` are indicators that some record showed at the look before, and none does now.
    """

    TYPE: ClassVar[str] = "mutasi.quality.measured.v1"
    KEY: ClassVar[str] = "agency"
    agency: str
    on: date
    people: int
    sound: int
    found: Mapping[str, int]
    closed: tuple[str, ...] = ()


class QualityTasksOpened(Event):
    """Records of an agency show these indicators, and none did at the look before; `office` has them mended."""

    TYPE: ClassVar[str] = "mutasi.quality.tasks_opened.v1"
    KEY: ClassVar[str] = "agency"
    agency: str
    unit: str = ""
    office: str
    indicators: tuple[str, ...]
    count: int
    on: date


EVENTS = (QualityAsked, QualityMeasured, QualityTasksOpened)
