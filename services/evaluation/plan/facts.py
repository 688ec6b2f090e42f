"""Local copies the plan needs beside those of the evaluation."""

from datetime import date
from typing import ClassVar, Literal

from shared.contracts.registry import PostRequirements
from shared.kernel.decider import Fact

Stands = Literal["opened", "submitted", "approved", "completed", "refused", "withdrawn", "returned", "expired"]


class PlanPost(Fact):
    """A post of the peta jabatan, with its places (formasi) and what it demands; id is the post."""

    KIND: ClassVar[str] = "plan_post"
    agency: str
    unit: str
    title: str
    kind: str
    seats: int
    retirement_age: int
    requirements: PostRequirements


class Served(Fact):
    """What a service of a unit was like in a month ("2026-05"): complaints, how often it was given and how satisfied
    people were (IKM in hundredths) if that was counted; id is `served_id`."""

    KIND: ClassVar[str] = "served"
    agency: str
    unit: str
    service: str
    month: str
    complaints: int
    served: int | None = None
    satisfaction: int | None = None


def served_id(unit: str, service: str, month: str) -> str:
    """Id of that fact."""
    return f"{unit}/{service}/{month}"


class Entered(Fact):
    """A move of a case took effect: from which unit into which, and when; id is the case."""

    KIND: ClassVar[str] = "entered"
    left: str
    unit: str
    effective_on: date


class Proposed(Fact):
    """Where a case or an exchange that a plan proposed stands, and why it came to nothing; id is the case or group."""

    KIND: ClassVar[str] = "proposed"
    status: Stands
    code: str = ""
