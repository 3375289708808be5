"""The file that ships with the application: found, read strictly and checked, or the sentence why it is not used."""

from __future__ import annotations

from pathlib import Path

from handoff_rules.problems import ConfigurationError
from webapp.configurations.adoption import Shipped
from webapp.configurations.checking import checked
from webapp.configurations.document_file import read_file
from webapp.configurations.strict_text import TextError

DEFAULT_FILE = Path("handoff.yaml")
EXAMPLE_FILE = Path("handoff.example.yaml")


def shipped_file(configured: Path | None, *, development: bool) -> Path | None:
    """HANDOFF_CONFIG when it is set, else handoff.yaml, else, in development, the example."""
    if configured is not None:
        return configured
    if DEFAULT_FILE.exists():
        return DEFAULT_FILE
    return EXAMPLE_FILE if development and EXAMPLE_FILE.exists() else None


def read_shipped(file: Path | None) -> Shipped:
    """Never raises: a faulty file is a fault to be told, and the next layer answers the calls."""
    if file is None:
        return Shipped(None, "", "There is no handoff.yaml.", "Write one, or set HANDOFF_CONFIG.")
    try:
        configuration, _ = checked(read_file(file))
    except OSError as fault:
        return Shipped(None, file.name, f"{file.name} cannot be read: {fault.strerror}.", "Correct HANDOFF_CONFIG.")
    except TextError as fault:
        return Shipped(None, file.name, f"{file.name} is not used. {fault.where_and_what}", fault.fix)
    except ConfigurationError as fault:
        return _refused(file.name, fault)
    return Shipped(configuration.to_document(), file.name)


def _refused(name: str, fault: ConfigurationError) -> Shipped:
    first, *others = fault.problems
    where_all_are = f" See all with: handoff config validate {name}" if others else ""
    return Shipped(
        None,
        name,
        f"{name} is not used: {fault}. First: {first.place}: {first.message}",
        first.fix + where_all_are,
        fault.problems,
    )
