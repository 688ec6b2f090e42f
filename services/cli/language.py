"""The language of messages: that of the terminal (LC_ALL, LC_MESSAGES, LANG), Indonesian or English."""

import os


def language() -> str:
    """`id` where the terminal speaks Indonesian, else `en`."""
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if value := os.environ.get(name):
            return "id" if value.lower().startswith(("id", "in_")) else "en"
    return "en"


def say(indonesian: str, english: str) -> str:
    """One of two sentences that stand together, so that neither can be missing."""
    return indonesian if language() == "id" else english
