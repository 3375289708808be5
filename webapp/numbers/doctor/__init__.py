"""The doctor: every check that tells why calls or texts would fail, each with what was found and one fix."""
