"""Saved tests as a JUnit report, the form that CI systems show (https://github.com/testmoapp/junitxml)."""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from handoff_rules.variables import clean
from webapp.installation.interface import Plain
from webapp.simulator.saved_tests import Difference


def junit(results: Sequence[Plain], version: str) -> bytes:
    failed = sum(not result["passed"] for result in results)
    counts = {"tests": str(len(results)), "failures": str(failed), "errors": "0"}
    suites = ET.Element("testsuites", counts)
    suite = ET.SubElement(suites, "testsuite", {"name": f"handoff {clean(version)}", **counts})
    for result in results:
        case = ET.SubElement(suite, "testcase", {"classname": "handoff.saved", "name": clean(result["name"])})
        if not result["passed"]:
            lines = [clean(in_words(difference)) for difference in result["differences"]]
            ET.SubElement(case, "failure", {"message": lines[0]}).text = "\n".join(lines)
    report: bytes = ET.tostring(suites, encoding="utf-8", xml_declaration=True)
    return report


def in_words(difference: Plain) -> str:
    return str(Difference(difference["what"], difference["expected"], difference["actual"]))
