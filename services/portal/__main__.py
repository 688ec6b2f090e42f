"""Run the portal: `python -m services.portal`."""

from shared.host.app import main

main("services.portal.app:app")
