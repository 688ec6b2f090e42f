"""Who may do what (domain rule R55): route name -> rule; a route that is not here is denied.

The first administrator comes from a setting; after that who is who is data: offices, assigned by events.
"""

from collections.abc import Iterable
from dataclasses import replace

from services.registry.domain.files import OfFile
from services.registry.domain.ids import SYSTEM, is_system
from shared.kernel.decider import Actor, Office
from shared.runtime.service import Asked, Policy, Rule

REGISTRAR, VERIFIER, PROGRAM = "registrar", "personnel_verifier", "agency_system"
LOOKERS = (REGISTRAR, VERIFIER, "ppk")
DOOR = "agency.door"
"""Name of the rule for what comes through the public door."""


def anyone(_asked: Asked) -> bool:
    """Everybody who is signed in: the organisation and its vacancies are no secret among them (P15)."""
    return True


def admin(asked: Asked) -> bool:
    """The first administrator."""
    return asked.actor.admin


def _agency(asked: Asked) -> str:
    """The agency that a command or a state is about."""
    for thing in (asked.command, asked.state):
        for name in ("agency", "registered", "published", "profile", "filed"):
            found = getattr(thing, name, None)
            if found is not None:
                return _code(found)
    person = str(getattr(asked.state, "person", ""))
    return person.removeprefix(f"{SYSTEM}:") if is_system(person) else ""


def _code(found: object) -> str:
    for part in ("placement", "paper"):
        found = getattr(found, part, found)
    return str(getattr(found, "agency", found))


def _held(offices: Iterable[str]) -> Rule:
    """One of these offices of the agency that it is about."""
    names = tuple(offices)

    def rule(asked: Asked) -> bool:
        agency = _agency(asked)
        return asked.actor.admin or (
            bool(agency) and any(asked.actor.holds(name, asked.on, agency, "") for name in names)
        )

    return rule


registrar = _held((REGISTRAR,))
mender = _held((REGISTRAR, VERIFIER))
publisher = _held((REGISTRAR, VERIFIER, PROGRAM))


def keeper(asked: Asked) -> bool:
    """The registrar of the agency named, and of the agency where a person who is known sits now."""
    known = getattr(asked.state, "profile", None)
    return registrar(asked) and (known is None or registrar(replace(asked, command=None)))


def importer(asked: Asked) -> bool:
    """At the door a registrar of any agency; for each row one of the agency that it is about."""
    if asked.command is None or isinstance(asked.command, OfFile):
        return asked.actor.admin or asked.actor.holds(REGISTRAR, asked.on)
    if getattr(asked.command, "office", ""):
        return appointer(asked)
    return keeper(asked)


def taker_back(asked: Asked) -> bool:
    """Whoever sent the file, as long as they are a registrar; for each record a registrar of its agency."""
    if asked.command is None or isinstance(asked.command, OfFile):
        return importer(asked) and (asked.actor.admin or asked.actor.login == getattr(asked.state, "by", ""))
    return keeper(asked)


def appointer(asked: Asked) -> bool:
    """The registrar, but nobody gives an office to themselves (I9)."""
    themselves = bool(asked.actor.person) and asked.actor.person == getattr(asked.state, "person", "")
    return registrar(asked) and (asked.actor.admin or not themselves)


def corrector(asked: Asked) -> bool:
    """Who mends records at the person's agency, but nobody decides what they asked themselves (I9)."""
    own = bool(asked.actor.person) and asked.actor.person == getattr(asked.state, "person", "")
    return mender(asked) and not own


def themselves(asked: Asked) -> bool:
    """The person that it is about; at the door anybody who is a person."""
    return bool(asked.actor.person) and (asked.state is None or asked.actor.person == asked.state.person)


def desks(actor: Actor, asked: Asked) -> list[Office]:
    """Offices held today that let their holder see people: of the whole agency, or of the unit."""
    return [
        office
        for office in actor.offices
        if office.office != PROGRAM and actor.holds(office.office, asked.on, office.agency, office.unit)
    ]


def sees(asked: Asked) -> bool:
    """The person, and the offices of their agency and unit."""
    person = asked.state
    if asked.actor.admin or (asked.actor.person and asked.actor.person == person.person):
        return True
    if person.profile is None:
        return False
    seat = person.profile.placement
    return any(desk.agency == seat.agency and desk.unit in ("", seat.unit) for desk in desks(asked.actor, asked))


def looker(asked: Asked) -> bool:
    """An office of the person's agency that works with discipline; the route asks that first, then writes it down."""
    if asked.command is not None:
        return bool(asked.actor.person)
    return asked.actor.admin or any(asked.actor.holds(name, asked.on, _agency(asked), "") for name in LOOKERS)


def watcher(asked: Asked) -> bool:
    """The person themselves, and auditors."""
    own = bool(asked.actor.person) and asked.actor.person == asked.state.person
    return own or asked.actor.admin or asked.actor.holds("auditor", asked.on)


def officer(asked: Asked) -> bool:
    """Anybody with an office; the query then shows the people of their agency or unit only."""
    return asked.actor.admin or bool(desks(asked.actor, asked))


def house(asked: Asked) -> bool:
    """Anybody with an office of the agency that it is about."""
    agency = _agency(asked)
    return asked.actor.admin or any(office.agency == agency for office in desks(asked.actor, asked))


def sender(asked: Asked) -> bool:
    """A program that the broker let write to its agency's own topic: that is its proof."""
    return bool(_agency(asked)) and asked.actor.login == f"agency:{_agency(asked)}"


POLICY: Policy = {
    "agency.register": admin,
    "unit.register": registrar,
    "reorganisation.propose": mender,
    "reorganisation.read": mender,
    "reorganisation.list": mender,
    "post.register": registrar,
    "agency.list": anyone,
    "agency.read": anyone,
    "unit.list": anyone,
    "unit.read": anyone,
    "post.list": anyone,
    "post.read": anyone,
    "person.register": keeper,
    "person.update": registrar,
    "person.forget": registrar,
    "person.read": sees,
    "person.me": anyone,
    "person.restricted": looker,
    "person.looks": watcher,
    "person.list": officer,
    "person.reveal": sees,
    "correction.fields": anyone,
    "correction.mine": anyone,
    "correction.ask": themselves,
    "correction.withdraw": themselves,
    "correction.list": mender,
    "correction.grant": corrector,
    "correction.refuse": corrector,
    "office.assign": appointer,
    "office.end": appointer,
    "account.link": registrar,
    "vacancy.publish": publisher,
    "vacancy.amend": publisher,
    "vacancy.close": publisher,
    "vacancy.cancel": publisher,
    "vacancy.of_need": publisher,
    "vacancy.list": anyone,
    "vacancy.read": anyone,
    "workload.record": registrar,
    "workload.post": officer,
    "workload.unit": officer,
    "workload.agency": officer,
    "workload.what_if": officer,
    "quality.agency": mender,
    "quality.people": mender,
    "quality.mine": anyone,
    "quality.look": mender,
    "quality.figure": house,
    "signal.service": mender,
    "signal.survey": mender,
    "signal.disaster": mender,
    "signal.unit": officer,
    "import": importer,
    "import.read": taker_back,
    "import.reverse": taker_back,
    "import.template": anyone,
    "export": anyone,
    DOOR: sender,
}
