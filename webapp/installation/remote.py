"""A server's installation: each question is one or two requests of its API, so the server's checks and roles count."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property

from webapp.installation.client import PAGE, Client
from webapp.installation.interface import Plain, Player
from webapp.tokens.register import id_of


class RemoteInstallation:
    def __init__(self, client: Client) -> None:
        self._client = client
        self.versions = RemoteVersions(client)
        self.deployment = RemoteDeployment(client)
        self.tokens = RemoteTokens(client)
        self.calls = RemoteCalls(client)

    @cached_property
    def player(self) -> Player:
        from webapp.installation.remote_player import RemotePlayer  # most commands need no simulator

        return RemotePlayer(self._client)

    def close(self) -> None:
        self._client.close()


class RemoteVersions:
    def __init__(self, client: Client) -> None:
        self._client = client

    def page(self, *, before: int | None, limit: int) -> Plain:
        found: list[Plain] = []
        following = None if before is None else str(before)
        for start in range(0, limit, PAGE):
            answer = self._client.get("versions", cursor=following, limit=min(limit - start, PAGE)).body
            found += answer["data"]
            following = answer["next_cursor"]
            if following is None:
                break
        lowest = 1 if following is None else int(following)
        numbers = {about["version"] for about in found}
        lost = [number for number in range(self._top(before, found), lowest - 1, -1) if number not in numbers]
        return {"data": found, "lost": lost, "next_before": following and lowest}

    def _top(self, before: int | None, found: Sequence[Plain]) -> int:
        """The number that the page begins at, whether it is kept or not. The newest version always is."""
        newest = found if before is None else self._client.get("versions", limit=1).body["data"]
        return min(int(newest[0]["version"]), (before or 2**31) - 1) if newest else 0

    def whole(self, wanted: str) -> Plain:
        return self._client.get("versions", wanted).body

    def difference(self, before: str, after: str) -> Plain:
        return self._client.get("versions", after, "diff", against=before).body

    def bring_in(self, document: Plain, *, expected: int | None, author: str, note: str, dry_run: bool) -> Plain:
        seen = None if expected is None else self._client.get("versions", str(expected)).etag
        return self._client.write(
            "POST", "import", body=document, if_match=seen, note=note or None, dry_run=dry_run
        ).body

    def promote(self, number: int, *, expected_production: int, author: str, note: str) -> Plain:
        wanted = {"version": number, "expected_production": expected_production, "note": note}
        return self._client.write("POST", "promotions", body=wanted).body

    def roll_back(self, number: int | None, *, expected_production: int | None, author: str, note: str) -> Plain:
        named = {"version": number, "expected_production": expected_production}
        wanted = {"note": note} | {name: value for name, value in named.items() if value is not None}
        return self._client.write("POST", "rollbacks", body=wanted).body


class RemoteDeployment:
    def __init__(self, client: Client) -> None:
        self._client = client

    def read(self) -> tuple[Plain, int]:
        answer = self._client.get("deployment")
        return answer.body, int(answer.etag)

    def save(self, document: Plain, *, expected: int, author: str, note: str) -> Plain:
        seen = str(expected)
        return self._client.write("PUT", "deployment", body=document, if_match=seen, note=note or None).body


class RemoteTokens:
    def __init__(self, client: Client) -> None:
        self._client = client

    def all(self) -> Sequence[Plain]:
        return sorted(self._client.every("tokens"), key=lambda token: str(token["created_at"]), reverse=True)

    def create(self, *, name: str, role: str, environment: str, days: int | None, author: str) -> Plain:
        wanted = {"name": name, "role": role, "environment": environment, "expires_in_days": days}
        return self._client.write("POST", "tokens", body=wanted).body

    def revoke(self, wanted: str, *, author: str) -> Plain:
        if not wanted.startswith("tok_"):
            wanted = id_of(wanted, [(one["id"], one["name"]) for one in self.all()])
        return self._client.write("DELETE", "tokens", wanted).body


class RemoteCalls:
    def __init__(self, client: Client) -> None:
        self._client = client
        self.of_the_sandbox_alone = client.is_for_the_sandbox

    def page(self, cursor: str | None, limit: int) -> Plain:
        found: list[Plain] = []
        while True:
            answer = self._client.get("calls", cursor=cursor, limit=min(limit - len(found), PAGE)).body
            found += answer["data"]
            cursor = answer["next_cursor"]
            if cursor is None or len(found) >= limit:
                return {"data": found, "next_cursor": cursor}

    def whole(self, call_sid: str) -> Plain:
        return self._client.get("calls", call_sid).body
