"""A blueprint whose routes cannot exist without saying who may use them."""

from __future__ import annotations

from collections.abc import Callable
from enum import Enum
from typing import Any, TypeVar

from flask import Blueprint

from webapp.people.roles import Role

View = TypeVar("View", bound=Callable[..., Any])


class Open(Enum):
    """Routes for people who are not signed in: signing in and the first set-up, and nothing else."""

    TO_ALL = "open to all"


class Pages(Blueprint):
    """`page` is the only way to add a route; the role is checked before the view runs (`access.check`)."""

    def page(
        self, rule: str, role: Role | Open, *, post: bool = False, of_either: bool = False, **options: Any
    ) -> Callable[[View], View]:
        """GET, or POST when `post`: a change is never made by following a link.

        `of_either`: the page shows the sandbox, or production to be read (`shown`).
        """

        def add(view: View) -> View:
            endpoint = options.pop("endpoint", view.__name__)
            self.add_url_rule(rule, endpoint, view, methods=["POST"] if post else ["GET"], **options)
            ROLES[f"console.{self.name}.{endpoint}"] = role
            if of_either:
                OF_EITHER.add(f"console.{self.name}.{endpoint}")
            return view

        return add


ROLES: dict[str, Role | Open] = {}
"""The role that each endpoint asks for. What is not in here is refused."""
OF_EITHER: set[str] = set()
"""The endpoints that can show either environment."""
