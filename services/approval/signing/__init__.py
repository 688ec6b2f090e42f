"""Electronic signatures on decrees: the port, our own test authority behind it, and the national provider."""
