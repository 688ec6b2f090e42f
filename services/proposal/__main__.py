"""Run the proposal service: `python -m services.proposal`."""

from shared.host.app import main

main("services.proposal.app:app")
