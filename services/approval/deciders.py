"""The service's deciders under the chains it was given, read and validated when the process starts."""

import os
from pathlib import Path

import yaml

from services.approval.domain import (
    Authorities,
    BadChains,
    Chains,
    Numbering,
    Substitution,
    agree,
    make_cases,
    make_decrees,
    make_deputies,
    parse_authorities,
    parse_chains,
    parse_numbering,
    parse_substitution,
)
from services.approval.domain.objections import Remedies, make_objections, parse_remedies
from services.approval.settings import settings

PACKAGED = Path(__file__).with_name("chains")
NUMBERING, AUTHORITIES, SUBSTITUTION = "numbering.yaml", "authorities.yaml", "substitution.yaml"
REMEDIES = "remedies.yaml"
OTHERS = {NUMBERING, AUTHORITIES, SUBSTITUTION, REMEDIES}


def load(folder: Path = PACKAGED) -> tuple[Chains, Numbering, Authorities]:
    """Read a folder of chains; where it has no numbering.yaml or authorities.yaml the packaged ones count.

    Raises BadChains.
    """
    chains = parse_chains({path.name: _read(path) for path in folder.glob("*.yaml") if path.name not in OTHERS})
    numbering = parse_numbering(NUMBERING, _own(folder, NUMBERING))
    authorities = parse_authorities(AUTHORITIES, _own(folder, AUTHORITIES))
    agree(chains, authorities)
    return chains, numbering, authorities


def load_substitution(folder: Path = PACKAGED) -> Substitution:
    """Read who may act for whom; without a file of its own the packaged one counts. Raises BadChains."""
    return parse_substitution(SUBSTITUTION, _own(folder, SUBSTITUTION))


def load_remedies(folder: Path = PACKAGED) -> Remedies:
    """Read what may be done against a decree; without a file of its own the packaged one counts. Raises BadChains."""
    return parse_remedies(REMEDIES, _own(folder, REMEDIES))


def _own(folder: Path, name: str) -> object:
    own = folder / name
    return _read(own if own.exists() else PACKAGED / name)


def _read(path: Path) -> object:
    try:
        return yaml.safe_load(path.read_text("utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise BadChains((f"{path.name}: not readable as YAML: {error}",)) from None


_FOLDER = Path(os.environ.get("MUTASI_CHAINS") or PACKAGED)
CHAINS, NUMBERS, _AUTHORITIES = load(_FOLDER)
CASES = make_cases(CHAINS, connected=frozenset(settings().outside))
DECREES = make_decrees(NUMBERS, _AUTHORITIES)
SIGNERS = frozenset(entry.office for entry in _AUTHORITIES.entries)
_SUBSTITUTION = load_substitution(_FOLDER)
DEPUTIES = make_deputies(_SUBSTITUTION)
APPOINTERS = frozenset(appointer.office for appointer in _SUBSTITUTION.appointers)
WAYS = load_remedies(_FOLDER)
OBJECTIONS = make_objections(WAYS)
