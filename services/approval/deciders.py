"""The service's deciders under the chains it was given, read and validated when the process starts."""

import os
from pathlib import Path

import yaml

from services.approval.domain import (
    BadChains,
    Chains,
    Numbering,
    make_cases,
    make_decrees,
    parse_chains,
    parse_numbering,
)

PACKAGED = Path(__file__).with_name("chains")
NUMBERING = "numbering.yaml"


def load(folder: Path = PACKAGED) -> tuple[Chains, Numbering]:
    """Read a folder of chains; without its own numbering.yaml the packaged one counts. Raises BadChains."""
    chains = parse_chains({path.name: _read(path) for path in folder.glob("*.yaml") if path.name != NUMBERING})
    own = folder / NUMBERING
    return chains, parse_numbering(NUMBERING, _read(own if own.exists() else PACKAGED / NUMBERING))


def _read(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadChains((f"{path.name}: not readable as YAML: {error}",)) from None


_CHAINS, _NUMBERING = load(Path(os.environ.get("MUTASI_CHAINS") or PACKAGED))
CASES = make_cases(_CHAINS)
DECREES = make_decrees(_NUMBERING)
