"""A chain in the words of its YAML, for a lawyer: whose turn, what their word does, by when, on what source."""

from collections.abc import Mapping
from typing import Any

from services.approval.domain.chain import Chain, Stage

EFFECT: Mapping[str, str] = {
    "opinion": "recorded; a refusal does not end the file, the last stage answers it with a reason",
    "consent": "a refusal ends the chain",
    "verify": "a refusal ends the chain",
    "decide": "decides",
}


def explain(chain: Chain) -> dict[str, Any]:
    """The chain with its days and source, and one row per stage in their order."""
    about = chain.model_dump(mode="json", exclude={"stages"})
    return {**about, "stages": [_row(number, stage) for number, stage in enumerate(chain.stages, 1)]}


def _row(number: int, stage: Stage) -> dict[str, Any]:
    said = stage.model_dump(mode="json", by_alias=True)
    return {"order": number, **said, "effect": EFFECT[stage.decision]}
