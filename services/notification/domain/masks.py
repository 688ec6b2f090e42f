"""What a provider says, as the ledger may keep it. Pure."""

import re

LONGEST_REPLY = 200
_ADDRESS = re.compile(r"[^\s<>,;:\"']+@[^\s<>,;:\"']+")


def masked(reply: str, address: str) -> str:
    """On one line of at most 200 characters, without the address or its local part, and without any other address."""
    hidden = reply
    for secret in (address, address.partition("@")[0]):
        if secret and secret.casefold() in hidden.casefold():  # most replies name nobody: no pattern is made for them
            hidden = re.sub(re.escape(secret), "…", hidden, flags=re.IGNORECASE)
    return " ".join(_ADDRESS.sub("…", hidden).split())[:LONGEST_REPLY]
