"""`handoff demo`: whole calls, signed and over HTTP, through a real server with a store of its own."""
