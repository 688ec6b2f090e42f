"""`python -m services.notification`: the notification service as a process."""

from shared.host.app import main

main("services.notification.app:app")
