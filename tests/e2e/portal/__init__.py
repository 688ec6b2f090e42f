"""Browser tests over one system with the portal; pytest starts it for this package."""
