"""The country and the regions that may be called: does anybody have telephone numbers there?"""

from __future__ import annotations

from collections.abc import Iterator

from handoff_rules.configuration import Configuration
from handoff_rules.problems import Problem
from handoff_rules.routes import is_region
from handoff_rules.suggestions import shown


def policy_problems(configuration: Configuration) -> Iterator[Problem]:
    places = [("country", configuration.country)]
    regions = configuration.policy.allowed_regions or ()
    places += [(f"policy/allowed_regions/{index}", region) for index, region in enumerate(regions)]
    for path, region in places:
        if not is_region(region):
            fix = "Write the two letters of ISO 3166, such as US; the United Kingdom is GB."
            yield Problem(path, f"{shown(region)} is no country with telephone numbers.", fix)
