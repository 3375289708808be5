"""Configurations: versions, environments, what every process holds in memory, and how all of it survives."""

from webapp.configurations.published import Environment, Published
from webapp.configurations.version_id import VersionId

__all__ = ["Environment", "Published", "VersionId"]
