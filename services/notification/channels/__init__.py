"""The ways a message leaves, one file each; all keep what `port.py` promises."""
