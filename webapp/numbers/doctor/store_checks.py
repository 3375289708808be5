"""Checks of Redis and of the background work that lives in it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from functools import wraps

from webapp.numbers.doctor.findings import Check, Finding, fail, ok, skipped, warn
from webapp.numbers.doctor.surroundings import Surroundings

SLOW_MILLISECONDS = 50
MOST_CLOCK_DIFFERENCE = 30
OVERDUE = timedelta(minutes=5)


def needs_store(check: Callable[[Surroundings], Finding]) -> Callable[[Surroundings], Finding]:
    @wraps(check)
    def checked(seen: Surroundings) -> Finding:
        return skipped("Redis cannot be reached.") if seen.store.trouble else check(seen)

    return checked


def store(seen: Surroundings) -> Finding:
    if seen.store.trouble and seen.settings.has_own_store:
        return fail("The private Redis of this directory does not run.", "Run `handoff run`, which starts it too.")
    if seen.store.trouble:
        return fail(f"{seen.store.trouble} Calls go on; edits are refused.", seen.store.trouble_fix)
    if seen.store.milliseconds > SLOW_MILLISECONDS:
        return warn(
            f"Redis {seen.store.version} answers in {seen.store.milliseconds:.0f} ms.",
            "Move Redis nearer: the voice path waits at most 150 ms for it.",
        )
    return ok(f"Redis {seen.store.version} answers in {seen.store.milliseconds:.1f} ms.")


@needs_store
def store_eviction(seen: Surroundings) -> Finding:
    policy = seen.store.eviction
    if policy is None:
        return skipped("This Redis does not tell its eviction policy.")
    if policy == "noeviction":
        return ok("When memory is short, Redis refuses edits and throws nothing away.")
    if policy.startswith("volatile-"):
        return ok(f"When memory is short ({policy}), data of old calls goes first; configuration has no end and stays.")
    return fail(
        f"The policy {policy} throws the configuration away when memory is short.",
        "Set maxmemory-policy to noeviction (or volatile-ttl).",
    )


@needs_store
def store_durability(seen: Surroundings) -> Finding:
    if not seen.store.durable:
        return warn(seen.store.why_not_durable, "Set appendonly yes and appendfsync always, or use Redis 7.2 or newer.")
    return ok("Saved edits survive a crash of Redis.")


@needs_store
def store_connections(seen: Surroundings) -> Finding:
    most = seen.store.most_clients
    if most is None:
        return skipped("This Redis does not tell how many clients it takes.")
    if seen.store.clients > most * 0.8:
        return warn(
            f"{seen.store.clients} of {most} connections are in use.", "Use fewer processes or a larger Redis plan."
        )
    return ok(f"{seen.store.clients} of {most} connections are in use.")


@needs_store
def background_work(seen: Surroundings) -> Finding:
    work = seen.background
    late = work.oldest_due is not None and seen.now - work.oldest_due > OVERDUE
    if not work.heartbeat:
        return (fail if late else warn)(
            f"No worker runs; {work.waiting} jobs wait.", "Start `handoff worker` (the Procfile's `worker:` process)."
        )
    if late:
        return warn(
            f"The oldest of {work.waiting} jobs is overdue.", "Look at the worker's log, or start a second one."
        )
    return ok(f"A worker runs; {work.waiting} jobs wait.")


def clock(seen: Surroundings) -> Finding:
    """Twilio's Date header first: certificates, quiet hours and schedules all hang on the clock."""
    asked = {"Twilio": seen.twilio.clock_difference if seen.twilio else None}
    if not seen.store.trouble:
        asked["Redis"] = seen.store.clock_difference
    known = {name: difference for name, difference in asked.items() if difference is not None}
    if not known:
        return skipped("Neither Twilio nor Redis told the time.")
    name, worst = max(known.items(), key=lambda item: abs(item[1]))
    if abs(worst) > MOST_CLOCK_DIFFERENCE:
        return fail(
            f"This machine's clock differs by {worst:.0f} s from {name}'s.", "Switch time synchronisation (NTP) on."
        )
    return ok(f"The clock agrees with {' and '.join(known)}.")


STORE_CHECKS = (
    Check("store", "Redis", store),
    Check("store_eviction", "Redis: eviction", store_eviction),
    Check("store_durability", "Redis: durability", store_durability),
    Check("store_connections", "Redis: connections", store_connections),
    Check("background_work", "Background work", background_work),
    Check("clock", "Clock", clock),
)
