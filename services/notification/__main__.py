"""`python -m services.notification`: the notification service as a process."""

from shared.runtime.app import main

main("services.notification.app:app")
