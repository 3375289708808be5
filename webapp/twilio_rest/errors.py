"""The one family of errors that a request to Twilio can end with, each with what to do about it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from webapp.messaging.catalogue import Explanation
from webapp.messaging.explain import explain

# Answers below 500 after which the same request may succeed later: slow, in conflict, too early, too many.
PASSING = frozenset({408, 409, 425, 429})


class TwilioRequestError(Exception):
    """A request that Twilio did not fulfil.

    `permanent`: repeating it unchanged is pointless. `ambiguous`: a write that may have happened all the same, because
    the answer got lost; it must be looked up before it is repeated. `code` is Twilio's, `status` is HTTP's; both are
    None when no answer came.
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
        super().__init__(self.message)

    @property
    def explanation(self) -> Explanation | None:
        return explain(self.code) if self.code is not None else None

    @property
    def message(self) -> str:
        """What went wrong, in our words where we know the code and else in Twilio's."""
        known = self.explanation
        if known is not None and known.known:
            return f"Twilio says: {known.title} ({known.code})."
        return self.said

    @property
    def fix(self) -> str:
        """One thing to do."""
        known = self.explanation
        if known is not None and known.known:
            return known.fix[0]
        if self.permanent:
            return "Check the credentials and the request; Twilio's answer is quoted in the message."
        return "Try again in a minute; https://status.twilio.com says whether Twilio has a fault."

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
