"""Routes: what may be dialled, what is refused with which fix, and a policy that no prefix can fool."""

from __future__ import annotations

from typing import get_args

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from phonenumbers import PhoneNumberFormat, PhoneNumberType

from handoff_rules.configuration import NumberType
from handoff_rules.routes import (
    NUMBER_TYPES,
    PhoneRoute,
    RouteError,
    SipRoute,
    allowed_by,
    parse_route,
    policy_fault,
    refer_target,
)

PBX = "pbx.example.com"
DEFAULT_TYPES = ("fixed_line", "mobile", "fixed_line_or_mobile", "toll_free", "voip")


def route(text: str, country: str = "US", sip_host: str | None = PBX) -> PhoneRoute | SipRoute:
    return parse_route(text, country=country, sip_host=sip_host)


def fault(text: str, country: str = "US", sip_host: str | None = PBX) -> RouteError:
    with pytest.raises(RouteError) as caught:
        route(text, country, sip_host)
    assert caught.value.fix
    return caught.value


def test_a_number_has_a_region_and_a_type() -> None:
    assert route("+14155550100") == PhoneRoute("+14155550100", "US", "fixed_line_or_mobile")
    assert route("+442079460018") == PhoneRoute("+442079460018", "GB", "fixed_line")
    assert route("+18005550100") == PhoneRoute("+18005550100", "US", "toll_free")


def test_a_sip_address_is_read_in_its_parts() -> None:
    assert route("sip:billing@PBX.example.com:5061;Transport=TLS") == SipRoute(
        "billing", PBX, 5061, (("transport", "tls"),)
    )


def test_sips_becomes_sip_over_tls() -> None:
    assert route("sips:billing@pbx.example.com") == SipRoute("billing", PBX, None, (("transport", "tls"),))


def test_an_extension_is_completed_with_the_host_of_the_pbx() -> None:
    found = route("1001")
    assert isinstance(found, SipRoute)
    assert found.uri == "sip:1001@pbx.example.com"
    assert "sip_host" in fault("1001", sip_host=None).fix


@pytest.mark.parametrize(
    ("text", "country", "completed"),
    [
        ("415-555-0100", "US", "+14155550100"),
        ("(415) 555-0100", "US", "+14155550100"),
        ("+1 415 555 0100", "US", "+14155550100"),
        ("14155550100", "US", "+14155550100"),
        ("020 7946 0018", "GB", "+442079460018"),
        ("0491 570 156", "AU", "+61491570156"),
    ],
)
def test_the_fix_for_a_national_number_is_the_completed_one(text: str, country: str, completed: str) -> None:
    assert fault(text, country).fix == f"Write {completed}."


@pytest.mark.parametrize(
    "text",
    [
        "", " ", "+", "+1", "+0", "+14155550100\n", " +14155550100", "+１４１５５５５０１００", "+1415555010０",
        "tel:+14155550100",
        "sip:", "sip:@pbx.example.com", "sip:pbx.example.com", "sip:a@", "sip:a@b@c.example.com", "sip:a@pbx",
        "sip:a:secret@pbx.example.com", "sip:a@pbx.example.com?X-A=1", "sip:a@pbx.example.com;method=INVITE",
        "sip:a@pbx.example.com;lr", "sip:a@pbx.example.com;maddr=10.0.0.1", "sip:a@pbx.example.com;transport=ws",
        "sip:a@pbx.example.com;transport=tls;transport=udp", "sips:a@pbx.example.com;transport=udp",
        "sip:a@pbx.example.com\n", "sip:a\r\n@pbx.example.com", "sip:a%0d%0a@pbx.example.com",
        "sip:a%00@pbx.example.com",
        "sip:a b@pbx.example.com", "sip:$name@pbx.example.com", "sip:${name}@pbx.example.com", "sip:ä@pbx.example.com",
        "sip:a@pbx.exämple.com", "sip:a@pbx.example.com:0", "sip:a@pbx.example.com:65536", "sip:a@pbx.example.com:",
        "sip:a@-pbx.example.com", "sip:a@pbx..example.com", "sip:a@999.1.1.1", "sip:a@1.2.3", "sip:a@[::1]",
        "sip:a%4@pbx.example.com", "sip:a;b@pbx.example.com", "sip:a,b@pbx.example.com", "<sip:a@pbx.example.com>",
        "sip:a@pbx.example.com,sip:b@pbx.example.com", "sip:a@pbx.example.com;", "sip:a@pbx.example.com;edge=moon",
        "client:bob", "https://pbx.example.com", "reception", "a@pbx.example.com",
        "sip:" + "a" * 240 + "@pbx.example.com",
    ],
)  # fmt: skip
def test_anything_else_is_refused_with_a_fix(text: str) -> None:
    error = fault(text)
    assert error.message.isprintable()


@pytest.mark.parametrize("sip_host", [None, PBX])
@pytest.mark.parametrize(
    "text", ["911", "112", "999", "000", "sip:911@pbx.example.com", "sip:%39%31%31@pbx.example.com"]
)
def test_emergency_numbers_are_refused_everywhere(text: str, sip_host: str | None) -> None:
    assert "emergency" in fault(text, sip_host=sip_host).message


def test_the_emergency_and_service_numbers_of_a_country_are_refused() -> None:
    assert "emergency" in fault("110", "DE").message
    assert "emergency" in fault("1444", "OM").message
    for text in ("211", "311", "411", "511", "611", "711", "811"):
        assert "short code" in fault(text).message


def test_no_short_code_is_a_route_without_a_pbx() -> None:
    """T-26: 400 codes, from two to six digits."""
    for number in range(400):
        text = str((100, 1000, 10_000, 100_000)[number % 4] + number * 7)
        fault(text, sip_host=None)
        fault(f"+{text}", sip_host=None)


def test_a_number_without_a_country_is_nowhere() -> None:
    for text in ("+8821234567890", "+870772001899", "+97912345678"):
        found = route(text)
        assert isinstance(found, PhoneRoute)
        assert found.region == "ZZ"
        assert not allowed_by(found, regions=("US", "ZZ", "CA"), number_types=DEFAULT_TYPES)


@pytest.mark.parametrize("text", ["+18765551234", "+19005551234", "+447012345678", "+18095550100", "+12645551234"])
def test_a_policy_for_the_united_states_is_not_fooled_by_a_prefix(text: str) -> None:
    error = policy_fault(route(text), regions=("US",), number_types=DEFAULT_TYPES)
    assert error is not None
    assert "policy/allowed_" in error.fix


def test_a_sip_address_is_the_business_of_the_pbx() -> None:
    assert policy_fault(route("sip:a@pbx.example.com"), regions=(), number_types=()) is None


def test_every_type_of_the_library_has_a_name_that_the_policy_knows() -> None:
    assert set(NUMBER_TYPES.values()) | {"unknown"} == set(get_args(NumberType))
    known = {value for name, value in vars(PhoneNumberType).items() if name.isupper()}
    assert known - set(NUMBER_TYPES) == {PhoneNumberType.UNKNOWN}


def corpus() -> dict[str, tuple[str, int]]:
    """Example numbers of every region and type and their valid neighbours, with region and type by the library."""
    numbers = {}
    for region in sorted(phonenumbers.SUPPORTED_REGIONS):
        for number_type in NUMBER_TYPES:
            example = phonenumbers.example_number_for_type(region, number_type)
            for change in range(10) if example else ():
                number = phonenumbers.PhoneNumber()
                number.merge_from(example)
                number.national_number = number.national_number // 10 * 10 + change
                if phonenumbers.is_valid_number(number):
                    text = phonenumbers.format_number(number, PhoneNumberFormat.E164)
                    numbers[text] = (phonenumbers.region_code_for_number(number), phonenumbers.number_type(number))
    return numbers


def test_the_policy_decides_by_region_and_type_over_the_numbers_of_all_countries() -> None:
    """T-20: no number of another region or type is let through, and none of an allowed one is blocked."""
    numbers = corpus()
    assert len(numbers) >= 5000
    for text, (region, number_type) in numbers.items():
        for home in {"US", region}:
            expected = region == home and NUMBER_TYPES.get(number_type) in DEFAULT_TYPES
            found = read(text, home)
            assert (found is not None and allowed_by(found, regions=(home,), number_types=DEFAULT_TYPES)) is expected, (
                text
            )


def test_a_refer_to_a_number_goes_through_the_pbx() -> None:
    number = route("+14155550100")
    assert refer_target(number, PBX) == "sip:+14155550100@pbx.example.com;user=phone"
    assert refer_target(number, "pbx.example.com:5061;transport=tls") == (
        "sip:+14155550100@pbx.example.com:5061;transport=tls;user=phone"
    )
    assert refer_target(number, None) is None
    assert refer_target(route("sip:a@pbx.example.com"), None) == "sip:a@pbx.example.com"


seeds = st.sampled_from(
    ["sip:billing@pbx.example.com;transport=tls", "sips:1001@10.0.0.1:5060;user=phone", "+14155550100", "1001",
     "sip:+14155550100@pbx.example.com;edge=dublin;secure=true"]
)  # fmt: skip
splinters = st.sampled_from([*"@:;?&=%$,<>\"' \r\n\x00/\\[]+.-0aé０", "%0a", "%41", "sip:", "X-A=1", ";lr"])


def read(text: str, home: str = "US") -> PhoneRoute | SipRoute | None:
    try:
        return route(text, home)
    except RouteError:
        return None


@settings(max_examples=1000, deadline=None)
@given(seeds, st.lists(st.tuples(st.integers(0, 60), st.integers(0, 2), splinters), min_size=1, max_size=4))
def test_a_mutated_route_is_refused_or_reads_as_one_plain_address(seed: str, cuts: list[tuple[int, int, str]]) -> None:
    """T-13: whatever is accepted has one reading: reading what we would send gives the same route again."""
    text = seed
    for at, removed, put in cuts:
        text = text[:at] + put + text[at + removed :]
    found = read(text)
    if found is None:
        return
    sent = found.e164 if isinstance(found, PhoneRoute) else found.uri
    assert route(sent) == found
    assert sent.isascii()
    assert sent.isprintable()
    assert len(sent) < 255
    assert sent.count("@") == (0 if isinstance(found, PhoneRoute) else 1)
    assert not set(sent) & set('?&<>"$, \\[]/')
