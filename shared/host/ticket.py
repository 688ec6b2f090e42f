"""A call of one service to another for one thing: no login, but a proof made with a secret that both were given.

The proof names what is asked (HMAC-SHA256 over its path) and ends within a minute; it opens nothing else.
"""

import hmac
import re

HEADER, GOOD_FOR = "X-Mutasi-Ticket", 60  # seconds, of the real clock
_FORM = re.compile(r"([0-9]{10})\.([0-9a-f]{64})")


def ticket(secret: str, path: str, now: float) -> str:
    """Good for this path from now on: `<until>.<proof>`, `until` in seconds since the epoch."""
    until = str(int(now) + GOOD_FOR)
    return f"{until}.{_proof(secret, until, path)}"


def good(secret: str, path: str, shown: str, now: float) -> bool:
    """True for a ticket of this path that has not ended and was not made for longer; never without a secret."""
    parts = _FORM.fullmatch(shown)
    if not secret or parts is None:
        return False
    timely = now <= int(parts[1]) <= now + 2 * GOOD_FOR  # clocks of two machines differ
    return timely and hmac.compare_digest(parts[2], _proof(secret, parts[1], path))


def _proof(secret: str, until: str, path: str) -> str:
    return hmac.digest(secret.encode(), f"{until} {path}".encode(), "sha256").hex()
