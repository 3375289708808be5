"""A stencil: what is filled in reads as if the document had been written with it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.twiml.documents import STATUS
from twiml import DocumentError, SipTarget, dial, sip_uri
from twiml.sip_address import header_fields
from twiml.stencil import Stencil

STATE, CALLER, FIELDS = "mark-of-the-state", "+999999999999999", "?X-Mark=headers"
ADDRESS = "sip:billing@pbx.example.com;transport=tls"


def written(state: str, caller_id: str, uri: str) -> str:
    target = SipTarget(uri=uri, status=STATUS)
    action = f"https://handoff.example.com/voice/dial-ended?s={state}#rc=2&rt=4000"
    return dial([target], action=action, timeout_seconds=20, time_limit_seconds=60, caller_id=caller_id)


STENCIL = Stencil(written(STATE, CALLER, sip_uri(ADDRESS, [("X-Mark", "headers")])), (STATE, CALLER, FIELDS))
VALUE = st.text(st.characters(exclude_categories=("Cc", "Cf", "Cs", "Zl", "Zp")), max_size=40)


@given(
    st.from_regex(r"\A1\.[A-Za-z0-9_-]{1,80}\.[A-Za-z0-9_-]{16}\Z"),
    st.from_regex(r"\A\+[1-9][0-9]{6,13}\Z"),
    st.dictionaries(st.sampled_from(["X-A", "X-B", "User-to-User"]), VALUE),
)
def test_a_filled_stencil_is_byte_for_byte_the_document_that_would_have_been_written(
    state: str, caller_id: str, headers: dict[str, str]
) -> None:
    pairs = list(headers.items())
    fields = header_fields(pairs)
    filled = STENCIL.filled({STATE: state, CALLER: caller_id, FIELDS: f"?{fields}" if fields else ""})
    assert filled == written(state, caller_id, sip_uri(ADDRESS, pairs))


@pytest.mark.parametrize("value", ['"', "<", ">", "'", "\n", "ü", " ", "\0"])
def test_a_value_that_needs_more_than_an_escaped_ampersand_is_refused(value: str) -> None:
    with pytest.raises(DocumentError):
        STENCIL.filled({STATE: f"1.a{value}.b", CALLER: "+12125550123", FIELDS: ""})


def test_what_is_filled_in_is_parsed_again_and_bounded() -> None:
    with pytest.raises(DocumentError, match="bytes long"):
        STENCIL.filled({STATE: "a" * 50_000, CALLER: "+12125550123", FIELDS: ""})
