"""The pure part of the evaluation: predicates, rules, score, and the decider of one case's evaluation."""
