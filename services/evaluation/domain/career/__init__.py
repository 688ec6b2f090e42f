"""Career and potential (P11, J01): what was, on one line of time, and what the next posts ask. Pure."""
