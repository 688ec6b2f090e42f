"""What the registry decides: organisation, people and their moves, vacancies and refused offers."""

from services.registry.domain.offers import DOORS
from services.registry.domain.organisation import AGENCIES, POSTS, UNITS
from services.registry.domain.people import PEOPLE
from services.registry.domain.vacancies import VACANCIES

__all__ = ["AGENCIES", "DOORS", "PEOPLE", "POSTS", "UNITS", "VACANCIES"]
