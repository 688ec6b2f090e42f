"""The `mutasi` command: a client of the services' public HTTP APIs, and the operator's tools."""
