"""The one family of errors that a request to Twilio can end with; `webapp.messaging.refusals` puts them into words."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# Answers below 500 after which the same request may succeed later: slow, in conflict, too early, too many.
PASSING = frozenset({408, 409, 425, 429})


class TwilioRequestError(Exception):
    """A request that Twilio did not fulfil.

    `permanent`: repeating it unchanged is pointless. `ambiguous`: a write that may have happened all the same, because
    the answer got lost; it must be looked up before it is repeated. `code` is Twilio's, `status` is HTTP's; both are
    None when no answer came. `said` is Twilio's sentence, or ours when there was no answer.
    """

    def __init__(
        self,
        said: str,
        *,
        permanent: bool,
        code: int | None = None,
        status: int | None = None,
        ambiguous: bool = False,
    ) -> None:
        self.said = said
        self.permanent = permanent
        self.code = code
        self.status = status
        self.ambiguous = ambiguous
        super().__init__(said)

    @property
    def is_missing(self) -> bool:
        return self.status == 404 or self.code == 20404

    @property
    def is_refused_credentials(self) -> bool:
        return self.status == 401 or self.code == 20003


def error_from_answer(status: int, body: Mapping[str, Any], *, is_read: bool) -> TwilioRequestError:
    """The error that an HTTP answer of Twilio stands for (`code`, `message`, also RFC 9457's `title`, `detail`)."""
    code = body.get("code")
    said = body.get("message") or body.get("detail") or body.get("title")
    return TwilioRequestError(
        str(said)[:300] if said else f"Twilio answered with HTTP status {status}.",
        permanent=status < 500 and status not in PASSING,
        code=code if isinstance(code, int) and not isinstance(code, bool) else None,
        status=status,
        ambiguous=status >= 500 and not is_read,
    )
