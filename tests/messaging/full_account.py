"""One account with everything in it: numbers of all kinds, several services, campaigns in every state."""

from datetime import timedelta

from tests.messaging.rest_stand_in import NOW, TwilioAccount, campaign

EXPECTED = {
    "+14155550100": ("LIKELY READY", "OK_LIKELY"),
    "+14155550101": ("WAITING", "CAMPAIGN_IN_REVIEW"),
    "+14155550102": ("WAITING", "CAMPAIGN_IN_REVIEW"),
    "+14155550103": ("BLOCKED", "CAMPAIGN_FAILED"),
    "+14155550104": ("BLOCKED", "CAMPAIGN_SUSPENDED"),
    "+14155550105": ("UNKNOWN", "CAMPAIGN_UNKNOWN"),
    "+14155550106": ("BLOCKED", "NO_CAMPAIGN"),
    "+14155550107": ("BLOCKED", "NO_CAMPAIGN"),
    "+14155550108": ("BLOCKED", "MOCK"),
    "+14155550109": ("BLOCKED", "NOT_IN_SERVICE"),
    "+14155550110": ("UNKNOWN", "SOLE_PROP_AMBIGUOUS"),
    "+14155550111": ("UNKNOWN", "SOLE_PROP_AMBIGUOUS"),
    "+14155550112": ("NOT NEEDED", "NO_SMS"),
    "+14155550113": ("BLOCKED", "CAMPAIGN_SUSPENDED"),
    "+14165550114": ("LIKELY READY", "OK_LIKELY"),
    "+442079460115": ("NOT NEEDED", "NOT_US"),
    "+18765550116": ("NOT NEEDED", "NOT_US"),
    "+18005550117": ("BLOCKED", "TOLL_FREE_UNVERIFIED"),
    "+18335550118": ("WAITING", "TOLL_FREE_IN_REVIEW"),
    "+18445550119": ("READY", "TOLL_FREE_VERIFIED"),
    "+18555550120": ("BLOCKED", "TOLL_FREE_REJECTED"),
    "+18665550121": ("UNKNOWN", "TOLL_FREE_UNKNOWN"),
    "+14155550140": ("BLOCKED", "BRAND_NOT_APPROVED"),
    "+14155550141": ("UNKNOWN", "BRAND_UNKNOWN"),
    "+14155550142": ("BLOCKED", "MOCK"),
    "90210": ("NOT NEEDED", "SHORT_CODE"),
}


def full_account() -> TwilioAccount:
    twilio = TwilioAccount()
    good = twilio.add_brand()
    bad = twilio.add_brand("SUSPENDED")
    care = twilio.add_service("Care", campaign(brand=good))
    review = twilio.add_service("Review", campaign("IN_PROGRESS", brand=good, date_created="2026-11-10T10:00:00Z"))
    fresh = twilio.add_service("Fresh", campaign("PENDING", brand=good, date_created="2026-09-01T10:00:00Z"))
    failed = twilio.add_service(
        "Failed", campaign("FAILED", brand=good, errors=[{"error_code": 30896, "fields": ["MESSAGE_FLOW"]}])
    )
    stopped = twilio.add_service("Stopped", campaign("SUSPENDED", brand=good))
    strange = twilio.add_service("Strange", campaign("HIBERNATING", brand=good))
    empty = twilio.add_service("Empty")
    missing = twilio.add_service("Missing", without_campaigns_is_404=True)
    mock = twilio.add_service("Mock", campaign(mock=True, brand=good))
    solo = twilio.add_service("Solo", campaign(us_app_to_person_usecase="SOLE_PROPRIETOR", brand=good))
    out = twilio.add_service("Brand out", campaign(brand=bad))
    rejected = twilio.add_service("Brand rejected", campaign(brand=twilio.add_brand("FAILED")))
    astonished = twilio.add_service("Brand strange", campaign(brand=twilio.add_brand("ASTONISHED")))
    pretended = twilio.add_service("Brand mock", campaign(brand=twilio.add_brand(mock=True)))
    joined = NOW - timedelta(days=60)
    places = [care, review, fresh, failed, stopped, strange, empty, missing, mock, "", solo, solo]
    for offset, service in enumerate(places):
        twilio.add_number(f"+141555501{offset:02d}", service=service, joined=joined)
    twilio.add_number("+14155550112", capabilities={"voice": True, "sms": False, "mms": False})
    twilio.add_number("+14155550113", service=out, joined=joined)
    twilio.add_number("+14165550114", service=care, joined=joined)
    twilio.add_number("+442079460115")
    twilio.add_number("+18765550116")
    twilio.add_number("+18005550117")
    twilio.add_verification(twilio.add_number("+18335550118"), "PENDING_REVIEW")
    approved = twilio.add_number("+18445550119")
    twilio.add_verification(approved, "TWILIO_APPROVED")
    twilio.add_verification(approved, "TWILIO_REJECTED", date_created="2026-01-01T00:00:00Z")
    twilio.add_verification(
        twilio.add_number("+18555550120"), "TWILIO_REJECTED", error_code=30475, edit_allowed=True,
        edit_expiration="2026-11-27T12:00:00Z",
    )  # fmt: skip
    twilio.add_verification(twilio.add_number("+18665550121"), "ASTONISHED")
    for offset, service in enumerate((rejected, astonished, pretended)):
        twilio.add_number(f"+141555501{40 + offset}", service=service, joined=joined)
    twilio.short_codes.append({"sid": "SC" + "0" * 32, "short_code": "90210", "friendly_name": "Hotel"})
    return twilio
