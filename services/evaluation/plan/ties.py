"""The published tie-break: a number for each option, from the seed, that nobody can choose. Pure.

The last level sums it over the plan, so that of all equally good plans one is the best whatever the solver does. Each
number has 30 bits (isolation lemma: for m options two optima remain with a chance below m / 2^30).
"""

import hashlib
from functools import lru_cache

BITS, WORD = 30, 64
_MASK = (1 << WORD) - 1


@lru_cache(maxsize=1 << 18)
def key(seed: int, kind: str, id: str) -> int:
    """64 bits of a person or seat under this seed (BLAKE2b)."""
    return int.from_bytes(hashlib.blake2b(f"{seed}\0{kind}\0{id}".encode(), digest_size=8).digest())


def mix(one: int, other: int) -> int:
    """The number of a pair from both keys: the finaliser of SplitMix64 (Steele, Lea, Flood 2014), its upper bits."""
    word = (one + 0x9E3779B97F4A7C15 * (other | 1)) & _MASK
    word = ((word ^ (word >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    word = ((word ^ (word >> 27)) * 0x94D049BB133111EB) & _MASK
    return (word ^ (word >> 31)) >> (WORD - BITS)


def tie(seed: int, person: str, seat: str) -> int:
    """The number of this option, 0 <= n < 2^30."""
    return mix(key(seed, "person", person), key(seed, "seat", seat))
