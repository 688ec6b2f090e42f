"""The registry: who and what exists, who holds which office, which vacancy is open; it moves people."""
