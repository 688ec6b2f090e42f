"""Voluntary rounds: who may exchange seats so that nobody ends worse off than where they sit. Pure but `exchanges`."""
