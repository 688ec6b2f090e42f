"""Run the proposal service: `python -m services.proposal`."""

from shared.runtime.app import main

main("services.proposal.app:app")
