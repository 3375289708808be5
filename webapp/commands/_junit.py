"""Saved tests as a JUnit report, the form that CI systems show (https://github.com/testmoapp/junitxml)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from handoff_rules.variables import clean
from webapp.installation.interface import Plain
from webapp.simulator.saved_tests import Difference


def junit(results: Sequence[Plain], version: str, seconds: Sequence[float]) -> bytes:
    """`seconds`: how long each result took. They are in the report because readers show `NaN` where none are told."""
    failed = sum(not result["passed"] for result in results)
    counts = {"tests": str(len(results)), "failures": str(failed), "errors": "0", "time": f"{sum(seconds):.3f}"}
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": f"handoff {clean(version)}", **counts})
    for result, took in zip(results, seconds, strict=True):
        named = {"classname": "handoff.saved", "name": clean(result["name"]), "time": f"{took:.3f}"}
        case = ET.SubElement(suite, "testcase", named)
        if not result["passed"]:
            lines = [clean(in_words(difference)) for difference in result["differences"]]
            ET.SubElement(case, "failure", {"message": lines[0]}).text = "\n".join(lines)
    report: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return report


def in_words(difference: Plain) -> str:
    return str(Difference(difference["what"], difference["expected"], difference["actual"]))
