"""The services: each owns its data and says what happened on its own topic."""
