"""Ranking at closing: who stands where, whom the panel chose, and who is offered a seat that became free. Pure."""
