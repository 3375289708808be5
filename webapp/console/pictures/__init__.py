"""Server-made SVG pictures: pure functions from values to markup, each with its text alternative."""
