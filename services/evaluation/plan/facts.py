"""Local copies the plan needs beside those of the evaluation."""

from typing import ClassVar, Literal

from shared.contracts.registry import PostRequirements
from shared.kernel.decider import Fact

Stands = Literal["submitted", "approved", "completed", "refused", "withdrawn", "returned", "expired"]


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


class Proposed(Fact):
    """Where a case that a plan proposed stands; id is the case."""

    KIND: ClassVar[str] = "proposed"
    status: Stands
