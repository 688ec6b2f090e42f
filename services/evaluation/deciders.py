"""The service's deciders under the rules it ships with, validated when the process starts."""

from services.evaluation import rules
from services.evaluation.domain.case import make_decider
from services.evaluation.domain.ranking.rankings import make_rankings

RULES = rules.load()
EVALUATIONS = make_decider(RULES)
RANKINGS = make_rankings(RULES)
