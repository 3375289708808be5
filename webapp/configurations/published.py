"""A configuration that is ready to answer calls: its identity, its compiled rules and the plain document."""

from __future__ import annotations

import gc
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Literal

from handoff_rules.compiled import Compiled, compile_configuration
from handoff_rules.configuration import Configuration, read_configuration
from webapp.configurations.canonical import digest_of
from webapp.configurations.version_id import VersionId

Environment = Literal["sandbox", "production"]
ENVIRONMENTS: tuple[Environment, ...] = ("sandbox", "production")


@dataclass(frozen=True, slots=True)
class Published:
    version: VersionId
    compiled: Compiled
    document: Mapping[str, Any]


LARGE = 1_000
"""Rules from which on the garbage collector would stall running requests during a compilation."""


@contextmanager
def collector_at_rest(document: Mapping[str, Any]) -> Iterator[None]:
    """No garbage collection while a large document is compiled, and none of it ever looked through afterwards.

    Measured at 10,000 rules: the collector walks the growing document again and again, which made a compilation
    four times as long and held requests up for half a second.
    """
    if len(document.get("rules", ())) < LARGE or not gc.isenabled():
        yield
        return
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def publish(document: Mapping[str, Any], version: VersionId | None = None) -> Published:
    """Read and compile a document. Raises ConfigurationError with every fault when it is none.

    Without a version it gets number 0 and the digest of what the store would keep of it.
    """
    with collector_at_rest(document):
        configuration = read_configuration(document)
        if version is None:
            document = configuration.to_document()
            version = VersionId(0, digest_of(document))
        return Published(version, compile_configuration(configuration), document)


def publish_read(configuration: Configuration, document: Mapping[str, Any], version: VersionId) -> Published:
    """The same for a document that was read just now."""
    with collector_at_rest(document):
        return Published(version, compile_configuration(configuration), document)
