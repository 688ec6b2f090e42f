"""A decree and all that was done to it, and how it stands today. Pure."""

from collections.abc import Mapping
from datetime import date, timedelta
from typing import Literal

from services.approval.domain.papers.correction import CORRECTED, Correction
from services.approval.domain.papers.signature import Signature
from shared.contracts.approval import DecreeAmended, DecreeIssued, DecreeRevoked
from shared.kernel.decider import Frozen

Status = Literal["valid", "corrected", "amended", "revoked"]


class Pay(Frozen):
    """Who pays (R12: the receiving agency from the effective date on): the last and the first day of either side."""

    origin_until: date
    target_from: date
    target_until: date | None = None
    origin_again_from: date | None = None


class History(Frozen):
    """What was said, in order. `refused` is why its move did not happen, if it did not; signatures are by paper."""

    issued: DecreeIssued
    amendments: tuple[DecreeAmended, ...] = ()
    revocation: DecreeRevoked | None = None
    corrections: tuple[Correction, ...] = ()
    refused: str = ""
    signatures: Mapping[str, Signature] = {}

    @property
    def effective_on(self) -> date:
        """Effective date (TMT) as the newest amendment says."""
        return self.amendments[-1].effective_on if self.amendments else self.issued.effective_on

    @property
    def status(self) -> Status:
        """The strongest of what was done to it."""
        if self.revocation is not None or self.refused:
            return "revoked"
        if self.amendments:
            return "amended"
        return "corrected" if self.corrections else "valid"

    @property
    def suspended_until(self) -> date | None:
        """The day it takes effect when its newest amendment suspended it for an objection; None when none does."""
        suspended = self.amendments and self.amendments[-1].objection and self.status == "amended"
        return self.effective_on if suspended else None

    @property
    def pay(self) -> Pay | None:
        """Derived from the dates anew each time, so it follows every amendment; None when nobody moves."""
        back = self.revocation
        if self.refused or (back is not None and not back.moved):
            return None
        before = self.effective_on - timedelta(days=1)
        if back is None or back.effective_on is None:
            return Pay(origin_until=before, target_from=self.effective_on)
        until = back.effective_on - timedelta(days=1)
        return Pay(
            origin_until=before,
            target_from=self.effective_on,
            target_until=until,
            origin_again_from=back.effective_on,
        )

    @property
    def consequences(self) -> tuple[str, ...]:
        """Codes of what follows from what was done to it; consequences.yaml says what they mean. A revocation takes the
        place of all that came before."""
        if self.revocation is not None:
            return self.revocation.consequences
        amended = self.amendments[-1].consequences if self.amendments else ()
        return tuple(dict.fromkeys([*amended, *(CORRECTED if self.corrections else ())]))

    def written(self, part: str, name: str) -> str:
        """How a post or unit is written after all corrections; `name` is what the registry calls it."""
        return next((done.right for done in reversed(self.corrections) if done.part == part), name)
