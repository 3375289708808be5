"""The documented resources that Handoff reads and writes, one short function each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import quote

from webapp.twilio_rest import answers
from webapp.twilio_rest.client import TwilioClient
from webapp.twilio_rest.errors import TwilioRequestError


def fetch_account(client: TwilioClient) -> answers.Account | None:
    """The account, or None for a standard API key, once the key has been seen to work for something else."""
    found = account_if_shown(client)
    if found is None:
        client.get(f"{client.account_url}/IncomingPhoneNumbers.json", {"PageSize": 1})
    return found


def account_if_shown(client: TwilioClient) -> answers.Account | None:
    """The account, or None when it is refused to an API key (20003): to every standard one, and to a wrong one."""
    try:
        return answers.account(client.get(f"{client.account_url}.json"))
    except TwilioRequestError as error:
        if error.is_refused_credentials and client.credentials.is_api_key:
            return None
        raise


def numbers(client: TwilioClient) -> Iterator[answers.Number]:
    listed = client.pages(f"{client.account_url}/IncomingPhoneNumbers.json", "incoming_phone_numbers")
    return (found for found in map(answers.number, listed) if found.sid)


def find_number(client: TwilioClient, e164: str) -> answers.Number | None:
    """The number of this account, or None. The filter of this list matches parts, so the whole number is compared."""
    listed = client.pages(
        f"{client.account_url}/IncomingPhoneNumbers.json", "incoming_phone_numbers", {"PhoneNumber": e164}
    )
    return next((found for found in map(answers.number, listed) if found.phone_number == e164 and found.sid), None)


def update_number(client: TwilioClient, sid: str, settings: Mapping[str, str]) -> answers.Number:
    return answers.number(
        client.post(f"{client.account_url}/IncomingPhoneNumbers/{_segment(sid)}.json", dict(settings))
    )


def short_codes(client: TwilioClient) -> Iterator[answers.ShortCode]:
    listed = client.pages(f"{client.account_url}/SMS/ShortCodes.json", "short_codes")
    return (found for found in map(answers.short_code, listed) if found.sid)


def services(client: TwilioClient) -> Iterator[answers.MessagingService]:
    listed = client.pages(f"{client.hosts.messaging}/Services", "services")
    return (found for found in map(answers.messaging_service, listed) if found.sid)


def pool(client: TwilioClient, service_sid: str) -> Iterator[answers.PoolNumber]:
    listed = client.pages(f"{client.hosts.messaging}/Services/{_segment(service_sid)}/PhoneNumbers", "phone_numbers")
    return (found for found in map(answers.pool_number, listed) if found.sid)


def campaigns(client: TwilioClient, service_sid: str) -> tuple[answers.Campaign, ...]:
    """The campaigns of a service; a service without one answers with an empty list or with 404."""
    url = f"{client.hosts.messaging}/Services/{_segment(service_sid)}/Compliance/Usa2p"
    try:
        listed = list(client.pages(url, "compliance"))
    except TwilioRequestError as error:
        if error.is_missing:
            return ()
        raise
    return tuple(map(answers.campaign, listed))


def brands(client: TwilioClient) -> Iterator[answers.Brand]:
    listed = client.pages(f"{client.hosts.messaging}/a2p/BrandRegistrations", "data")
    return (found for found in map(answers.brand, listed) if found.sid)


def customer_profiles(client: TwilioClient) -> Iterator[answers.CustomerProfile]:
    listed = client.pages(f"{client.hosts.trust_hub}/CustomerProfiles", "results")
    return (found for found in map(answers.customer_profile, listed) if found.sid)


def toll_free_verifications(client: TwilioClient) -> Iterator[answers.TollFreeVerification]:
    listed = client.pages(f"{client.hosts.messaging}/Tollfree/Verifications", "verifications")
    return (found for found in map(answers.toll_free_verification, listed) if found.number_sid)


def dialing_permissions(client: TwilioClient) -> Iterator[answers.DialingPermission]:
    listed = client.pages(f"{client.hosts.voice}/DialingPermissions/Countries", "content")
    return (found for found in map(answers.dialing_permission, listed) if found.iso_code)


def send_text(client: TwilioClient, message: Mapping[str, str]) -> answers.SentText:
    return answers.sent_text(client.post(f"{client.account_url}/Messages.json", dict(message)))


def redirect_call(client: TwilioClient, call_sid: str, url: str, fallback_url: str) -> None:
    """Take a live leg to another document. Twilio answers 21220 when the call is not in progress."""
    order = {"Url": url, "Method": "POST", "FallbackUrl": fallback_url, "FallbackMethod": "POST"}
    client.post(f"{client.account_url}/Calls/{_segment(call_sid)}.json", order)


def texts_sent(client: TwilioClient, *, to: str, sender: str, since: str) -> Iterator[answers.SentText]:
    """Texts from `sender` to `to` since a date (YYYY-MM-DD): how an ambiguous send is looked up before any repeat."""
    listed = client.pages(
        f"{client.account_url}/Messages.json", "messages", {"To": to, "From": sender, "DateSent>": since}
    )
    return map(answers.sent_text, listed)


def _segment(sid: str) -> str:
    """A SID that came out of an answer must stay one segment of the next path."""
    return quote(sid, safe="")
