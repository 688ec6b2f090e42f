"""Run the registry service: `python -m services.registry`."""

from shared.runtime.app import main

main("services.registry.app:app")
