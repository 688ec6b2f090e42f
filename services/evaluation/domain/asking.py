"""What is unknown is asked of whoever holds it: `holders.yaml`, checked when it is read. Pure."""

from collections import defaultdict
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Annotated, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from services.evaluation.domain.review.form import Basis
from shared.contracts.evaluation import DatumAsked, EvaluationCompleted, Finding
from shared.contracts.registry import Placement


class Desk(BaseModel):
    """Which office is asked, and where it is."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    office: Annotated[str, Field(min_length=1)]
    at: Literal["origin", "unit", "target"]


class Holders(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    basis: Basis
    holders: Mapping[str, Desk]


@cache
def holders() -> Holders:
    """The packaged file, read once. Raises pydantic.ValidationError naming what is wrong with it."""
    text = files("services.evaluation").joinpath("holders.yaml").read_text("utf-8")
    return Holders.model_validate(yaml.safe_load(text))


def asked(event: EvaluationCompleted, origin: Placement, target: Placement) -> tuple[DatumAsked, ...]:
    """One question to each desk that holds something which a hard rule could not see, in the order of the desks."""
    wanted: dict[tuple[str, str, str], list[Finding]] = defaultdict(list)
    for finding in event.findings:
        if finding.hard and finding.outcome == "unknown":
            wanted[_desk(finding.values["holder"], origin, target)].append(finding)
    about = event.model_dump(include={"case", "attempt", "person"})
    return tuple(
        DatumAsked(
            **about,
            data=tuple(dict.fromkeys(finding.values["datum"] for finding in found)),
            rules=tuple(finding.rule for finding in found),
            office=office,
            agency=agency,
            unit=unit,
        )
        for (office, agency, unit), found in sorted(wanted.items())
    )


def _desk(holder: str, origin: Placement, target: Placement) -> tuple[str, str, str]:
    desk = holders().holders[holder]
    place = target if desk.at == "target" else origin
    return desk.office, place.agency, place.unit if desk.at == "unit" else ""
