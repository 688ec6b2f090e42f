"""The studio: one mutation plan of an agency from its scenarios to its waves. Pure."""
