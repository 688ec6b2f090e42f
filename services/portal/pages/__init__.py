"""The pages: each reads the portal's own views and asks the owners with the user's own token."""
