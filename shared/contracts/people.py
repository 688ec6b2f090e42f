"""Particulars of people. Only the compacted topic `mutasi.people` carries them; a tombstone forgets a person."""

from collections.abc import Mapping
from typing import ClassVar, Literal

from shared.kernel.decider import Event, Frozen


class Wish(Frozen):
    """What a person wants their record to say, what it said when they asked, and why; in their own words."""

    value: str
    was: str
    reason: str


class PersonParticulars(Event):
    """Name, number and contacts of a person, newest version; `person` is the surrogate id used everywhere else."""

    TYPE: ClassVar[str] = "mutasi.person.particulars.v1"
    KEY: ClassVar[str] = "person"
    PRIVATE: ClassVar[bool] = True
    person: str
    name: str
    nip: str
    email: str = ""
    language: Literal["id", "en"] = "id"
    zone: Literal["WIB", "WITA", "WIT"] = "WIB"
    version: int
    batch: str = ""
    wishes: Mapping[str, Wish] = {}  # by correction: what they asked to have corrected (`contracts/corrections.py`)


class PersonForgotten(Event):
    """Whoever keeps particulars of this person forgets them (UU 27/2022, the right to erasure).

    A tombstone: readers get the person only. `reason` stays in the registry's journal and names nobody.
    """

    TYPE: ClassVar[str] = "mutasi.person.forgotten.v1"
    KEY: ClassVar[str] = "person"
    TOMBSTONE: ClassVar[bool] = True
    person: str
    reason: str = ""


class EmployeeForgotten(Event):
    """The same for those who keep no particulars, but the person's profiles over time: said on the registry's topic,
    after all profiles told so far, so that no service needs to read names to forget."""

    TYPE: ClassVar[str] = "mutasi.employee.forgotten.v1"
    KEY: ClassVar[str] = "person"
    person: str


EVENTS = (PersonParticulars, PersonForgotten)
OF_REGISTRY = (EmployeeForgotten,)
