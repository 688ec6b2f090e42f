"""The service's decider under the rules it ships with, validated when the process starts."""

from services.evaluation import rules
from services.evaluation.domain.case import make_decider

RULES = rules.load()
EVALUATIONS = make_decider(RULES)
