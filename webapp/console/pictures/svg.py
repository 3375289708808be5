"""Build SVG elements with every value escaped, and give each picture its title and description."""

from __future__ import annotations

from markupsafe import Markup, escape

Value = str | int | float


def element(name: str, *children: Markup | str, **attributes: Value) -> Markup:
    """One element. `class_` becomes `class`, other underscores become dashes; text children are escaped."""
    written = Markup("").join(
        Markup(' {}="{}"').format(key.rstrip("_").replace("_", "-"), _short(value)) for key, value in attributes.items()
    )
    inside = Markup("").join(escape(child) for child in children)
    return Markup("<{0}{1}>{2}</{0}>").format(name, written, inside)


def picture(
    identifier: str, *, width: int, height: int, title: str, text: str, shapes: list[Markup], narrow: bool = False
) -> Markup:
    """A whole picture. `text` says in words what the shapes show, for people who do not see them.

    A narrow one shrinks to any window and grows little; others keep their size and fill the width.
    """
    return element(
        "svg",
        element("title", title, id=f"{identifier}-title"),
        element("desc", text, id=f"{identifier}-text"),
        *shapes,
        class_="pic narrow-pic" if narrow else "pic",
        viewBox=f"0 0 {width} {height}",
        width=width,
        height=height,
        role="img",
        aria_labelledby=f"{identifier}-title {identifier}-text",
    )


def _short(value: Value) -> str:
    """Coordinates with one decimal: the eye sees no more, and the page stays small."""
    return f"{value:.1f}".rstrip("0").rstrip(".") if isinstance(value, float) else str(value)
