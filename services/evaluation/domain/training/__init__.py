"""Training that goes with a move: which course for which gap, by when, what was done and what it brought."""
