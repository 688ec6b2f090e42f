"""The solvers of a plan: a min-cost flow, exact, and CP-SAT for what is no flow; for a process of their own."""
