"""Twilio's records as typed values. The field names of the REST API are known here and nowhere else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from webapp.twilio_rest.read import Record, flag, moment, records, text, texts, whole


@dataclass(frozen=True, slots=True)
class Account:
    """`status`: active, suspended, closed; `type`: Trial, Full. Both raw."""

    sid: str
    status: str
    type: str


@dataclass(frozen=True, slots=True)
class Number:
    sid: str
    phone_number: str
    friendly_name: str
    voice: bool | None
    sms: bool | None
    voice_url: str
    voice_method: str
    voice_fallback_url: str
    voice_fallback_method: str
    status_callback: str
    status_callback_method: str
    voice_application_sid: str
    trunk_sid: str
    sms_url: str
    sms_method: str
    sms_application_sid: str


@dataclass(frozen=True, slots=True)
class ShortCode:
    sid: str
    short_code: str
    friendly_name: str


@dataclass(frozen=True, slots=True)
class MessagingService:
    sid: str
    friendly_name: str
    us_app_to_person_registered: bool | None
    use_inbound_webhook_on_number: bool | None
    inbound_request_url: str
    status_callback: str
    inbound_method: str = ""


@dataclass(frozen=True, slots=True)
class PoolNumber:
    sid: str
    service_sid: str
    phone_number: str
    date_created: datetime | None


@dataclass(frozen=True, slots=True)
class FieldError:
    """Why a registration was rejected: Twilio's code, its words, and the fields that it names."""

    code: str
    description: str
    fields: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Campaign:
    sid: str
    service_sid: str
    brand_sid: str
    status: str
    use_case: str
    mock: bool
    is_externally_registered: bool
    errors: tuple[FieldError, ...]
    date_created: datetime | None


@dataclass(frozen=True, slots=True)
class Brand:
    sid: str
    status: str
    identity_status: str
    mock: bool
    errors: tuple[FieldError, ...]
    date_updated: datetime | None


@dataclass(frozen=True, slots=True)
class CustomerProfile:
    """`status`: draft, pending-review, in-review, twilio-rejected, twilio-approved; raw."""

    sid: str
    status: str
    date_updated: datetime | None


@dataclass(frozen=True, slots=True)
class TollFreeVerification:
    sid: str
    number_sid: str
    status: str
    rejection_reason: str
    error_code: str
    reasons: tuple[FieldError, ...]
    edit_allowed: bool | None
    edit_expiration: datetime | None
    date_created: datetime | None
    date_updated: datetime | None = None


@dataclass(frozen=True, slots=True)
class SentText:
    sid: str
    status: str
    error_code: str
    body: str
    date_created: datetime | None


@dataclass(frozen=True, slots=True)
class DialingPermission:
    iso_code: str
    low_risk: bool | None
    high_risk_toll_fraud: bool | None


def account(record: Record) -> Account:
    return Account(text(record, "sid"), text(record, "status"), text(record, "type"))


def number(record: Record) -> Number:
    capabilities = record.get("capabilities")
    can: Record = capabilities if isinstance(capabilities, dict) else {}
    return Number(
        sid=text(record, "sid"),
        phone_number=text(record, "phone_number"),
        friendly_name=text(record, "friendly_name"),
        voice=flag(can, "voice"),
        sms=flag(can, "sms"),
        voice_url=text(record, "voice_url"),
        voice_method=text(record, "voice_method").upper(),
        voice_fallback_url=text(record, "voice_fallback_url"),
        voice_fallback_method=text(record, "voice_fallback_method").upper(),
        status_callback=text(record, "status_callback"),
        status_callback_method=text(record, "status_callback_method").upper(),
        voice_application_sid=text(record, "voice_application_sid"),
        trunk_sid=text(record, "trunk_sid"),
        sms_url=text(record, "sms_url"),
        sms_method=text(record, "sms_method").upper(),
        sms_application_sid=text(record, "sms_application_sid"),
    )


def short_code(record: Record) -> ShortCode:
    return ShortCode(text(record, "sid"), text(record, "short_code"), text(record, "friendly_name"))


def messaging_service(record: Record) -> MessagingService:
    return MessagingService(
        sid=text(record, "sid"),
        friendly_name=text(record, "friendly_name"),
        us_app_to_person_registered=flag(record, "us_app_to_person_registered"),
        use_inbound_webhook_on_number=flag(record, "use_inbound_webhook_on_number"),
        inbound_request_url=text(record, "inbound_request_url"),
        status_callback=text(record, "status_callback"),
        inbound_method=text(record, "inbound_method").upper(),
    )


def pool_number(record: Record) -> PoolNumber:
    return PoolNumber(
        sid=text(record, "sid"),
        service_sid=text(record, "service_sid"),
        phone_number=text(record, "phone_number"),
        date_created=moment(record, "date_created"),
    )


def campaign(record: Record) -> Campaign:
    return Campaign(
        sid=text(record, "sid"),
        service_sid=text(record, "messaging_service_sid"),
        brand_sid=text(record, "brand_registration_sid"),
        status=text(record, "campaign_status"),
        use_case=text(record, "us_app_to_person_usecase"),
        mock=flag(record, "mock") or False,
        is_externally_registered=flag(record, "is_externally_registered") or False,
        errors=tuple(map(field_error, records(record, "errors"))),
        date_created=moment(record, "date_created"),
    )


def brand(record: Record) -> Brand:
    return Brand(
        sid=text(record, "sid"),
        status=text(record, "status"),
        identity_status=text(record, "identity_status"),
        mock=flag(record, "mock") or False,
        errors=tuple(map(field_error, records(record, "errors"))),
        date_updated=moment(record, "date_updated"),
    )


def customer_profile(record: Record) -> CustomerProfile:
    return CustomerProfile(text(record, "sid"), text(record, "status"), moment(record, "date_updated"))


def field_error(record: Record) -> FieldError:
    code = record.get("error_code") or record.get("code")
    return FieldError(
        code=str(code)[:20] if isinstance(code, int | str) else "",
        description=text(record, "description") or text(record, "reason"),
        fields=texts(record, "fields"),
    )


def toll_free_verification(record: Record) -> TollFreeVerification:
    code = whole(record, "error_code")
    return TollFreeVerification(
        sid=text(record, "sid"),
        number_sid=text(record, "tollfree_phone_number_sid"),
        status=text(record, "status"),
        rejection_reason=text(record, "rejection_reason"),
        error_code="" if code is None else str(code),
        reasons=tuple(map(field_error, records(record, "rejection_reasons"))),
        edit_allowed=flag(record, "edit_allowed"),
        edit_expiration=moment(record, "edit_expiration"),
        date_created=moment(record, "date_created"),
        date_updated=moment(record, "date_updated"),
    )


def sent_text(record: Record) -> SentText:
    code = whole(record, "error_code")
    return SentText(
        sid=text(record, "sid"),
        status=text(record, "status"),
        error_code="" if code is None else str(code),
        body=text(record, "body"),
        date_created=moment(record, "date_created"),
    )


def dialing_permission(record: Record) -> DialingPermission:
    return DialingPermission(
        iso_code=text(record, "iso_code").upper(),
        low_risk=flag(record, "low_risk_numbers_enabled"),
        high_risk_toll_fraud=flag(record, "high_risk_tollfraud_numbers_enabled"),
    )
