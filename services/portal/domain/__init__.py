"""What the portal keeps of others' events, and how a case's story is read out of them. Pure."""
