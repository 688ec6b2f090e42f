"""The people and posts of a batch, and any pair of them as the engine sees it. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from services.evaluation.domain.facts import Region, Seen, Vacancy
from shared.contracts.registry import Profile
from shared.kernel.decider import Office


@dataclass(frozen=True, slots=True)
class Crowd:
    """Who is looked at for which posts, on one day. `ages` are retirement ages by the post held now, `offices` those of
    relatives, `regions` by agency, `initiative` whose wish it would be."""

    on: date
    people: Sequence[Profile]
    vacancies: Sequence[Vacancy]
    ages: Mapping[str, int] = field(default_factory=dict)
    offices: Mapping[str, tuple[Office, ...]] = field(default_factory=dict)
    regions: Mapping[str, Region] = field(default_factory=dict)
    initiative: str = ""

    def seen(self, person: int, vacancy: int) -> Seen:
        """One pair."""
        profile, wanted = self.people[person], self.vacancies[vacancy]
        agencies = {profile.placement.agency, wanted.placement.agency}
        return Seen.model_construct(
            on=self.on,
            employee=profile,
            vacancy=wanted,
            retirement_age=self.ages.get(profile.placement.post),
            offices={id: self.offices[id] for id in profile.relatives if id in self.offices},
            regions={agency: self.regions[agency] for agency in sorted(agencies) if agency in self.regions},
            initiative=self.initiative,
        )
