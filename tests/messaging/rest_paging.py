"""Lists as Twilio pages them, in the old API and in the newer ones."""

from typing import Any
from urllib.parse import urlencode, urlsplit

Page = tuple[int, dict[str, Any] | bytes]


def page_2010(url: str, parameters: dict[str, str], key: str, records: list[dict[str, Any]]) -> Page:
    rows, following = _slice(parameters, records)
    path = urlsplit(url).path
    return 200, {key: rows, "page_size": len(rows), "next_page_uri": f"{path}?{following}" if following else None}


def page_v1(url: str, parameters: dict[str, str], key: str, records: list[dict[str, Any]]) -> Page:
    rows, following = _slice(parameters, records)
    return 200, {key: rows, "meta": {"key": key, "next_page_url": f"{url}?{following}" if following else None}}


def _slice(parameters: dict[str, str], records: list[dict[str, Any]]) -> tuple[list[dict[str, Any]], str]:
    size, page = int(parameters.get("PageSize", 50)), int(parameters.get("Page", 0))
    assert size <= 1000, "error 20007: page size too large"
    rows = records[page * size : (page + 1) * size]
    more = (page + 1) * size < len(records)
    return rows, urlencode(parameters | {"PageSize": size, "Page": page + 1, "PageToken": f"PA{page}"}) if more else ""
