"""Background work: one Redis outbox, and the process that works through it."""
