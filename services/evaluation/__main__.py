"""Run the evaluation service."""

from shared.host.app import main

if __name__ == "__main__":
    main("services.evaluation.app:app")
