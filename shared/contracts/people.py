"""Particulars of people. Only the compacted topic `mutasi.people` carries them; a tombstone forgets a person."""

from typing import ClassVar, Literal

from shared.kernel.decider import Event


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


EVENTS = (PersonParticulars,)
