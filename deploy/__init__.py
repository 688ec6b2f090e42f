"""How mutasi is started: locally, in containers, with its demo data."""
