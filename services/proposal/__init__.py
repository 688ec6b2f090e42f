"""Proposal: drafts, submits, withdraws, holds the seats, and alone says whether a case is alive."""
