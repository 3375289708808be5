"""What is different about a call, in the words of the pages: names in place of ids, sentences in place of words."""

from __future__ import annotations

from collections.abc import Mapping

from webapp.configurations.published import Published
from webapp.console.call_names import names_of
from webapp.console.call_words import ends_words
from webapp.console.masking import readable
from webapp.simulator.saved_tests import Difference

LABELS = {"path": "Goes to", "ends": "Ends", "rule": "Rule", "rings": "Rings", "says": "The caller hears"}
ARROW = " \u2192 "


def in_words(one: Difference, *versions: Published) -> Difference:
    """`versions` are those that know the ids; a later one's names count."""
    label = LABELS.get(one.what, one.what[:1].upper() + one.what[1:])
    if one.what == "ends":
        return Difference(label, ends_words(one.expected), ends_words(one.actual))
    names = names_of(*versions) if one.what == "path" else _rules(*versions) if one.what == "rule" else {}
    return Difference(label, _said(one.expected, names), _said(one.actual, names))


def _said(text: str, names: Mapping[str, str]) -> str:
    """Steps after each other, or routes beside each other; any other text has no such pieces and stays as it is."""
    steps = [names.get(step, step) for step in text.split(ARROW)]
    return ARROW.join(", ".join(readable(route) for route in step.split(", ")) for step in steps)


def _rules(*versions: Published) -> dict[str, str]:
    return {rule.id: rule.name for version in versions for rule in version.compiled.configuration.rules}
