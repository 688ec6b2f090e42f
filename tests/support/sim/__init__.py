"""The simulation: real services and the real runtime in one process, on virtual time, with an unkind store and bus."""
