"""Which keys the models allow at a place of the document, found by walking the models along a location."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel


def keys_at(model: type[BaseModel], location: Sequence[int | str]) -> list[str]:
    """The keys of the mapping at this location, as a document spells them; empty when it is not one of ours."""
    models: list[type[BaseModel]] = [model]
    for part in location:
        if isinstance(part, int):
            continue
        inner = [found for one in models for found in _below(one, part)]
        models = inner or _members(models, part) or models
    return list(dict.fromkeys(key for one in models for key in _keys(one)))


def _keys(model: type[BaseModel]) -> list[str]:
    return [field.alias or name for name, field in model.model_fields.items()]


def _below(model: type[BaseModel], key: str) -> list[type[BaseModel]]:
    for name, field in model.model_fields.items():
        if key == (field.alias or name):
            return list(dict.fromkeys(_models_in(field.annotation)))
    return []


def _models_in(annotation: Any) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for argument in get_args(annotation):
            yield from _models_in(argument)


def _members(models: list[type[BaseModel]], tag: str) -> list[type[BaseModel]]:
    """The members of a union that a tag names: `<all>` the condition with that key, `menu` the intake of that kind."""
    key = tag.strip("<>")
    return [one for one in models if (tag != key and key in _keys(one)) or _kind(one) == tag]


def _kind(model: type[BaseModel]) -> str | None:
    field = model.model_fields.get("kind")
    return None if field is None else next(iter(get_args(field.annotation)), None)
