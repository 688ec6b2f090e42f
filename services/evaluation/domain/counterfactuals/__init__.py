"""What would have to change: the smallest sets of changes a person can make, found and verified on the engine. Pure."""
