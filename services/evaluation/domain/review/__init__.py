"""Looking back at a move: what is asked, by whom, what came of it, and what follows."""
