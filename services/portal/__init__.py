"""The portal: three pages for people, fed by events, acting through the other services' public doors."""
