"""Run the evaluation service."""

from shared.runtime.app import main

if __name__ == "__main__":
    main("services.evaluation.app:app")
