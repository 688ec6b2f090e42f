"""Files that the registry takes: begun, got so far, taken back; and what a file said that holds no longer."""

from typing import ClassVar, Literal

from shared.kernel.decider import Event


class ImportBegun(Event):
    """A file is being taken; `run` rises when the same file is sent again after it was through or taken back."""

    TYPE: ClassVar[str] = "mutasi.import.begun.v1"
    KEY: ClassVar[str] = "file"
    file: str
    kind: str
    by: str
    run: int


class ImportAdvanced(Event):
    """Everything up to row `rows` was dealt with; `refused` are the numbers of rows that were not taken since."""

    TYPE: ClassVar[str] = "mutasi.import.advanced.v1"
    KEY: ClassVar[str] = "file"
    file: str
    rows: int
    taken: int
    refused: tuple[int, ...] = ()
    ended: bool = False


class ImportReversed(Event):
    """What the file said holds no longer: every record is again what it was before."""

    TYPE: ClassVar[str] = "mutasi.import.reversed.v1"
    KEY: ClassVar[str] = "file"
    file: str
    by: str
    reason: str


class UnitWithdrawn(Event):
    """The unit was registered by a file that was taken back; what it was before, if anything, is registered anew."""

    TYPE: ClassVar[str] = "mutasi.unit.withdrawn.v1"
    KEY: ClassVar[str] = "unit"
    unit: str
    agency: str


class PostWithdrawn(Event):
    """The post was registered by a file that was taken back."""

    TYPE: ClassVar[str] = "mutasi.post.withdrawn.v1"
    KEY: ClassVar[str] = "post"
    post: str
    agency: str


class EmployeeWithdrawn(Event):
    """The person was registered by a file that was taken back; `post` is where they were said to sit."""

    TYPE: ClassVar[str] = "mutasi.employee.withdrawn.v1"
    KEY: ClassVar[str] = "person"
    person: str
    post: str
    cause: Literal["import"] = "import"


EVENTS = (ImportBegun, ImportAdvanced, ImportReversed, UnitWithdrawn, PostWithdrawn, EmployeeWithdrawn)
