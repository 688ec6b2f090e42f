"""A clerical error that was put right (ralat). Pure."""

from datetime import date
from typing import Literal

from shared.kernel.decider import Frozen

Part = Literal["origin_post", "origin_unit", "target_post", "target_unit"]

CORRECTED = ("PAPERS_REWRITTEN", "NOTICE")
"""Consequences by code; what each means and who carries it out stands in consequences.yaml."""


class Correction(Frozen):
    """Whose printed name was wrong, what stood there, what is right."""

    part: Part
    wrong: str
    right: str
    corrected_on: date
