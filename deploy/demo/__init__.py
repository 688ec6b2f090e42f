"""The demo region: five invented governments of the source texts, generated, loaded and played."""
