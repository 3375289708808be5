"""A whole number on the command line. click calls its own type an "integer range", also to somebody who typed `x`."""

from __future__ import annotations

import click


class WholeNumber(click.IntRange):
    """`min` and `max` as for click.IntRange."""

    name = "whole number"

    def get_metavar(self, param: click.Parameter, ctx: click.Context) -> str:
        return "NUMBER"
