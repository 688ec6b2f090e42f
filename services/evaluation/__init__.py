"""Evaluation: may this person move (rules, cited), and how well do they fit (score, explained)."""
