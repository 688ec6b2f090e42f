"""Run the approval service: `python -m services.approval`."""

from shared.host.app import main

main("services.approval.app:app")
