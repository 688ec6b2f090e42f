"""Who may see messages and act on them: route name -> rule; a route that is not here is denied."""

from shared.runtime.service import Asked, Policy

# Office of whoever runs the system for an agency; the registry says who holds it.
OPERATOR = "operator"


def operator(asked: Asked) -> bool:
    """An operator, or the administrator of the installation."""
    return asked.actor.admin or asked.actor.holds(OPERATOR, asked.on)


def own(asked: Asked) -> bool:
    """Whose message it is, and operators."""
    return operator(asked) or addressee(asked)


def addressee(asked: Asked) -> bool:
    """Whose message it is, nobody else."""
    return asked.actor.person != "" and asked.state.person == asked.actor.person


def linked(asked: Asked) -> bool:
    """Anybody who is somebody: the list shows them their own only."""
    return operator(asked) or asked.actor.person != ""


POLICY: Policy = {
    "message.list": linked,
    "message.read": own,
    "message.resend": operator,
    "message.cancel": operator,
    "message.see": addressee,
    "template.list": operator,
    "template.read": operator,
}
