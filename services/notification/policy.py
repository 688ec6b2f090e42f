"""Who may see messages and act on them: route name -> rule; a route that is not here is denied."""

from shared.runtime.service import Asked, Policy

# Office of whoever runs the system for an agency; the registry says who holds it.
OPERATOR = "operator"
# Who keeps a person's data and hands things over (pengelola kepegawaian), as in the chains of approval.
PERSONNEL = "personnel_verifier"


def operator(asked: Asked) -> bool:
    """An operator, or the administrator of the installation."""
    return asked.actor.admin or asked.actor.holds(OPERATOR, asked.on)


def own(asked: Asked) -> bool:
    """Whose message it is, and operators."""
    return operator(asked) or addressee(asked)


def addressee(asked: Asked) -> bool:
    """Whose message it is, nobody else."""
    return asked.actor.person != "" and asked.state.person == asked.actor.person


def somebody(asked: Asked) -> bool:
    """Whoever the registry knows."""
    return asked.actor.person != ""


def personnel_of(asked: Asked) -> tuple[str, ...]:
    """Agencies whose personnel office the caller holds."""
    held = (office.agency for office in asked.actor.offices if office.office == PERSONNEL)
    return tuple(agency for agency in held if asked.actor.holds(PERSONNEL, asked.on, agency))


def personnel(asked: Asked) -> bool:
    """Operators, and whoever holds the personnel office of some agency."""
    return operator(asked) or asked.actor.holds(PERSONNEL, asked.on)


def in_charge(asked: Asked) -> bool:
    """Operators, and the personnel office of the agency that the errand is for."""
    return operator(asked) or asked.state.agency in personnel_of(asked)


def provider(_asked: Asked) -> bool:
    """Whoever proves to be the provider: the route itself checks the signature."""
    return True


def linked(asked: Asked) -> bool:
    """Anybody who is somebody: the list shows them their own only."""
    return operator(asked) or asked.actor.person != ""


POLICY: Policy = {
    "message.list": linked,
    "message.read": own,
    "message.resend": operator,
    "message.cancel": operator,
    "message.see": addressee,
    "message.bulk": operator,
    "broadcast.draft": operator,
    "broadcast.read": operator,
    "broadcast.count": operator,
    "broadcast.release": operator,
    "channel.list": operator,
    "channel.pause": operator,
    "channel.resume": operator,
    "preferences.read": somebody,
    "preferences.change": somebody,
    "contact.list": somebody,
    "contact.add": somebody,
    "contact.confirm": somebody,
    "contact.remove": somebody,
    "contact.test": somebody,
    "hook.whatsapp.begin": provider,
    "hook.whatsapp": provider,
    "errand.list": personnel,
    "errand.finish": in_charge,
    "bounce.take": operator,
    "template.list": operator,
    "template.read": operator,
}
