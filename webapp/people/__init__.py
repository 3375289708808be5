"""People who use the console: users and roles, sessions, sign-in with its limits, the first set-up. No Flask here."""
