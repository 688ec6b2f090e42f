"""What somebody looks for among the open vacancies. The page's address keeps it, hence the names."""

from collections.abc import Collection, Iterable, Mapping
from typing import Annotated, Any
from urllib.parse import urlencode

from pydantic import Field

from services.portal.domain.facts import Place
from shared.kernel.decider import Frozen
from shared.kernel.rank import Grade, PppkGrade

Word = Annotated[str, Field(max_length=100)]
RANKS = tuple(grade.value for scale in (Grade, PppkGrade) for grade in scale)
Offer = Mapping[str, Any]


class Search(Frozen):
    """Words, agency (instansi), province (wilayah), kind of post (jenis), a rank that the post admits (golongan), the
    last closing date (tutup, ISO), only those one keeps (simpanan), and the page (hal). Empty does not filter."""

    cari: Word = ""
    instansi: Word = ""
    wilayah: Word = ""
    jenis: Word = ""
    golongan: Word = ""
    tutup: Word = ""
    simpanan: bool = False
    hal: int = Field(default=1, ge=1, le=10_000)

    @property
    def rank(self) -> str:
        """The rank, if there is such a one."""
        return self.golongan if self.golongan in RANKS else ""

    @property
    def filtered(self) -> bool:
        """Whether more than words narrow it."""
        return any((self.instansi, self.wilayah, self.jenis, self.rank, self.tutup))

    def address(self, **changes: object) -> str:
        """The page's address with this search, and these changes of it."""
        said = self.model_dump(exclude_defaults=True) | changes
        query = urlencode({name: int(value) if value is True else value for name, value in said.items() if value})
        return f"/lowongan?{query}" if query else "/lowongan"

    def found(self, offers: Iterable[Offer], places: Mapping[str, Place], kept: Collection[str]) -> list[Offer]:
        """Those that match. The rank is compared by the registry, which knows the scales."""
        return [offer for offer in offers if self._matches(offer, places, kept)]

    def _matches(self, offer: Offer, places: Mapping[str, Place], kept: Collection[str]) -> bool:
        seat = offer["placement"]
        agency = places[seat["agency"]]
        text = " ".join([offer["post_title"], places[seat["unit"]].name, agency.name]).lower()
        return (
            all(word in text for word in self.cari.lower().split())
            and self.instansi in ("", seat["agency"])
            and self.wilayah in ("", agency.province)
            and self.jenis in ("", offer["post_kind"])
            and (not self.tutup or str(offer["closes_on"]) <= self.tutup)
            and (not self.simpanan or offer["id"] in kept)
        )


def choices(offers: Iterable[Offer], places: Mapping[str, Place]) -> dict[str, list[tuple[str, str]]]:
    """What can be chosen in each list, as value and name: only what some vacancy has. Kinds are named by the page."""
    agencies = {offer["placement"]["agency"] for offer in offers}
    return {
        "instansi": sorted(((id, places[id].name) for id in agencies), key=lambda row: row[1]),
        "wilayah": sorted((name, name) for name in {places[id].province for id in agencies} if name),
        "jenis": sorted((kind, "") for kind in {str(offer["post_kind"]) for offer in offers}),
    }
