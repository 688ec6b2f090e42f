"""The JSON Schema of every event, as its readers see it."""

import json
from pathlib import Path
from typing import Any

from deploy.docs.compat import breaks
from deploy.local.layout import ROOT
from shared.contracts.catalogue import BY_TYPE, TOPIC_OF
from shared.kernel.decider import Event

FOLDER = ROOT / "shared" / "contracts" / "schemas"
GOLDEN = ROOT / "shared" / "contracts" / "golden"


class Incompatible(Exception):
    """A type changed in a way that its readers could not bear. The remedy is a new version of the type."""


def schema(event: type[Event]) -> dict[str, Any]:
    """Schema of the data, with the name on the wire, the topic, and the field that is the key."""
    about = {"$id": f"urn:{event.TYPE}", "x-topic": TOPIC_OF[event.TYPE], "x-key": event.KEY}
    if event.TOMBSTONE:
        about["x-tombstone"] = "on the wire a key and headers without a value; only the journal keeps these fields"
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **about, **event.model_json_schema()}


def schemas() -> dict[Path, Any]:
    """All of them by file. Raises Incompatible if a file that is there says what a reader could not bear to lose."""
    made = {FOLDER / f"{name}.json": schema(event) for name, event in BY_TYPE.items()}
    faults = [f"{old.name}: no such event any more" for old in FOLDER.glob("*.json") if old not in made]
    for file, new in made.items():
        if file.exists():
            faults += [f"{file.name}: {fault}" for fault in breaks(json.loads(file.read_text("utf-8")), new)]
    if faults:
        raise Incompatible("\n".join([*faults, "Keep the type as it was and add its next version (….v2)."]))
    return dict(made)
