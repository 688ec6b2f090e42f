"""Run the approval service: `python -m services.approval`."""

from shared.runtime.app import main

main("services.approval.app:app")
