"""Approval: who must say yes, in which order and by when; the tasks, the decision, and the decree (SK)."""
