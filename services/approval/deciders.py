"""The service's deciders under the chains it was given, read and validated when the process starts."""

import os
from pathlib import Path

import yaml

from services.approval.domain import (
    Authorities,
    BadChains,
    Chains,
    Numbering,
    make_cases,
    make_decrees,
    parse_authorities,
    parse_chains,
    parse_numbering,
)

PACKAGED = Path(__file__).with_name("chains")
NUMBERING, AUTHORITIES = "numbering.yaml", "authorities.yaml"


def load(folder: Path = PACKAGED) -> tuple[Chains, Numbering, Authorities]:
    """Read a folder of chains; where it has no numbering.yaml or authorities.yaml the packaged ones count.

    Raises BadChains.
    """
    files = [path for path in folder.glob("*.yaml") if path.name not in (NUMBERING, AUTHORITIES)]
    chains = parse_chains({path.name: _read(path) for path in files})
    numbering = parse_numbering(NUMBERING, _read(_own(folder, NUMBERING)))
    return chains, numbering, parse_authorities(AUTHORITIES, _read(_own(folder, AUTHORITIES)))


def _own(folder: Path, name: str) -> Path:
    own = folder / name
    return own if own.exists() else PACKAGED / name


def _read(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadChains((f"{path.name}: not readable as YAML: {error}",)) from None


_CHAINS, _NUMBERING, _AUTHORITIES = load(Path(os.environ.get("MUTASI_CHAINS") or PACKAGED))
CASES = make_cases(_CHAINS)
DECREES = make_decrees(_NUMBERING, _AUTHORITIES)
