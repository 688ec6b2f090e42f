"""Who may see and resend messages: route name -> rule; a route that is not here is denied."""

from shared.runtime.service import Asked, Policy

# Office of whoever runs the system for an agency; the registry says who holds it.
OPERATOR = "operator"


def operator(asked: Asked) -> bool:
    """An operator, or the administrator of the installation."""
    return asked.actor.admin or asked.actor.holds(OPERATOR, asked.on)


def own(asked: Asked) -> bool:
    """Whose message it is, and operators."""
    person = asked.actor.person
    return operator(asked) or (person != "" and asked.state.person == person)


def linked(asked: Asked) -> bool:
    """Anybody who is somebody: the list shows them their own only."""
    return operator(asked) or asked.actor.person != ""


POLICY: Policy = {
    "message.list": linked,
    "message.read": own,
    "message.resend": operator,
}
