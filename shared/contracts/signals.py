"""What the registry hears of demand: complaints and satisfaction per service, surveys of a unit, disasters."""

from datetime import date
from typing import ClassVar, Literal

from shared.kernel.decider import Event


class ServiceMeasured(Event):
    """What a service (layanan) of a unit was like in one month; counted anew it replaces what was told before.

    `month` as "2026-05"; `post` is the post whose holders do the work, "" where none is named; `served` is how often
    the service was given, None where nobody counted; `satisfaction` is the index of the satisfaction survey (IKM,
    PermenPANRB 14/2017) in hundredths, 2500 to 10000, None without a survey.
    """

    TYPE: ClassVar[str] = "mutasi.service.measured.v1"
    KEY: ClassVar[str] = "unit"
    agency: str
    unit: str
    service: str
    month: str
    post: str = ""
    complaints: int
    served: int | None = None
    satisfaction: int | None = None


class UnitSurveyed(Event):
    """What the people of a unit answered in a survey of one month: how many answered, and how many of them so.

    `dissatisfied` with the unit, `strained` (overburdened), `low_morale`, `poor_climate` (of work in the unit),
    `unvalued` (they do not feel valued); None where it was not asked. No answer of anybody is told: whoever surveys
    counts, and tells no month with fewer answers than the rules allow.
    """

    TYPE: ClassVar[str] = "mutasi.unit.surveyed.v1"
    KEY: ClassVar[str] = "unit"
    agency: str
    unit: str
    month: str
    answers: int
    dissatisfied: int | None = None
    strained: int | None = None
    low_morale: int | None = None
    poor_climate: int | None = None
    unvalued: int | None = None


class DisasterDeclared(Event):
    """A disaster was declared by a decree: these units have more to do from `since` to before `until`.

    `status`: alert (siaga darurat), emergency (tanggap darurat), transition (transisi darurat ke pemulihan).
    """

    TYPE: ClassVar[str] = "mutasi.disaster.declared.v1"
    KEY: ClassVar[str] = "disaster"
    disaster: str
    agency: str
    name: str
    status: Literal["alert", "emergency", "transition"]
    decree: str
    since: date
    until: date | None = None
    units: tuple[str, ...]


EVENTS = (ServiceMeasured, UnitSurveyed, DisasterDeclared)
