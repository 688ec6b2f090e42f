"""Everything of mutasi on one machine: native servers, supervisor, demo mail and identity."""
