"""KP1-KP10 side by side, pulse, targets and cost: what moves brought an agency, and how regions compare."""
