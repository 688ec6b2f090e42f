"""Run the registry service: `python -m services.registry`."""

from shared.host.app import main

main("services.registry.app:app")
