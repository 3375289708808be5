"""One file per group of `handoff` commands."""
