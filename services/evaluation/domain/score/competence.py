"""Competence: the job-person match over the assessed competences. Source: PermenPANRB 38/2017 [S]."""

from services.evaluation.domain.facts import Seen
from services.evaluation.domain.ruleset import Scoring
from services.evaluation.domain.score.part import Direction, Part, missing
from shared.kernel.competence import BadLevel, match

DATUM = "level of an assessed competence"
DIRECTION: Direction = "rising"


def part(seen: Seen, _scoring: Scoring) -> Part:
    """JPM = sum of min(assessed, required) / sum of required; competences never assessed are left out."""
    try:
        jpm = match(seen.vacancy.requirements.competences, seen.employee.competences).jpm
    except BadLevel:
        return missing("1")
    return missing("1") if jpm is None else Part(str(jpm), jpm, "1")
