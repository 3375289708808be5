"""Names of destinations for lists of calls, from every version that a call may have met."""

from __future__ import annotations

from webapp.configurations.published import Published


def names_of(*versions: Published | None) -> dict[str, str]:
    """Identifier to name; a later version's name counts. None, a version that is not kept any more, adds nothing."""
    known = [published.compiled.configuration for published in versions if published is not None]
    return {item.id: item.name for configuration in known for item in configuration.destinations}
