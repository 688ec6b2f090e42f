"""What the registry decides: organisation, what it needs, people and their moves, vacancies and refused offers."""

from services.registry.domain.files import FILES
from services.registry.domain.group_moves import TOGETHER
from services.registry.domain.looks import LOOKS
from services.registry.domain.mending import MENDINGS
from services.registry.domain.needs import NEEDS
from services.registry.domain.offers import DOORS
from services.registry.domain.organisation import AGENCIES, POSTS
from services.registry.domain.papers import PAPERS
from services.registry.domain.people import PEOPLE
from services.registry.domain.reorganisations import REORGANISATIONS
from services.registry.domain.signals import DISASTERS, SIGNALS
from services.registry.domain.units import UNITS
from services.registry.domain.vacancies import VACANCIES

__all__ = [
    "AGENCIES",
    "DISASTERS",
    "DOORS",
    "FILES",
    "LOOKS",
    "MENDINGS",
    "NEEDS",
    "PAPERS",
    "PEOPLE",
    "POSTS",
    "REORGANISATIONS",
    "SIGNALS",
    "TOGETHER",
    "UNITS",
    "VACANCIES",
]
