"""What a person was before: posts and ranks with their dates, derived from what was said of them. Pure."""

from services.registry.domain.person import Held, Ranked
from shared.contracts.registry import Profile


def posts(known: tuple[Held, ...], profile: Profile, decree: str = "") -> tuple[Held, ...]:
    """The posts after this profile; the one before ends on the day the new one begins (I2: never two at once)."""
    now = Held(placement=profile.placement, title=profile.post_title, since=profile.post_since, decree=decree)
    if not known:
        return (now,)
    *before, last = known
    if last.placement == now.placement:
        return (*before, now.model_copy(update={"decree": last.decree}))
    return (*before, last.model_copy(update={"until": now.since}), now)


def ranks(known: tuple[Ranked, ...], profile: Profile) -> tuple[Ranked, ...]:
    """The ranks after this profile; the same rank with another date is a correction."""
    now = Ranked(rank=profile.rank, since=profile.rank_since)
    before = known[:-1] if known and known[-1].rank == now.rank else known
    return (*before, now)
