"""Who hears what, on which channel, once: e-mail to the person of a case and to who must decide it."""
