"""For the containers of docker-compose.yml: `python -m deploy.local.admit passwords > .env`, by hand, makes a password
for every user of the broker; `python -m deploy.local.admit` gives them to a broker that is up, with all permissions."""

import asyncio
import os
import sys
from collections.abc import Mapping

from deploy.local import access, kafka
from deploy.local.layout import Layout
from deploy.local.process import wait_until

PATIENCE = 120


def variable(user: str) -> str:
    """Where docker-compose.yml finds the password of a user, as in KAFKA_PASSWORD_AGENCY_PALU."""
    return "KAFKA_PASSWORD_" + user.upper().replace(".", "_").replace("-", "_")


def told(environ: Mapping[str, str]) -> dict[str, str]:
    """User -> password, as the environment has them. Raises `KeyError` with the variable that is missing."""
    return {user: environ[variable(user)] for user in (access.BROKER, access.OPERATOR, *access.wanted())}


def lines(layout: Layout) -> str:
    """A password for every user, as compose reads them."""
    made = access.passwords(layout.data / "kafka" / "passwords.json")
    return "".join(f"{variable(user)}={password}\n" for user, password in made.items())


def main(arguments: list[str]) -> None:
    """One or the other."""
    if arguments == ["passwords"]:
        sys.stdout.write(lines(Layout.here()))
        return
    known = told(os.environ)
    door = kafka.inside(os.environ["MUTASI_KAFKA_INSIDE"], known)
    wait_until(lambda: asyncio.run(kafka.serves(door)), PATIENCE, "Kafka")
    asyncio.run(access.grant(door, known))


if __name__ == "__main__":
    main(sys.argv[1:])
