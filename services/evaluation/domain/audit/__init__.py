"""Looking at evaluations and moves as a whole: are groups treated alike, and did moves help? Pure."""
