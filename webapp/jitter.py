"""Chance for pauses: so that editors, workers and retries which met once do not meet again in step.

Drawn from the operating system: the shared generator of `random` belongs to whoever has seeded it (a background thread
that moved it would disturb a seeded test), and one of our own would run the same way in every forked worker.
"""

from random import SystemRandom

between = SystemRandom().uniform
"""`between(low, high)`: a number of seconds from low to high."""
