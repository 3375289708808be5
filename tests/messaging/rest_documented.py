"""Name, verb and path, and the parameters that Twilio's specification (twilio-oai 2.6.7) documents for it."""

PAGING = {"PageSize", "Page", "PageToken"}
NUMBER_SETTINGS = {
    "FriendlyName", "VoiceUrl", "VoiceMethod", "VoiceFallbackUrl", "VoiceFallbackMethod", "StatusCallback",
    "StatusCallbackMethod", "VoiceApplicationSid", "VoiceCallerIdLookup", "TrunkSid", "SmsUrl", "SmsMethod",
    "SmsFallbackUrl", "SmsFallbackMethod", "SmsApplicationSid", "AccountSid", "ApiVersion", "EmergencyStatus",
}  # fmt: skip
API = r"https://api\.twilio\.com/2010-04-01/Accounts/(?P<account>AC\w+)"
MESSAGING = r"https://messaging\.twilio\.com/v1"
DOCUMENTED: list[tuple[str, str, str, set[str]]] = [
    ("account", "GET", rf"{API}\.json", set()),
    ("numbers", "GET", rf"{API}/IncomingPhoneNumbers\.json", PAGING | {"PhoneNumber", "FriendlyName", "Origin"}),
    ("update_number", "POST", rf"{API}/IncomingPhoneNumbers/(?P<sid>PN\w+)\.json", NUMBER_SETTINGS),
    ("short_codes", "GET", rf"{API}/SMS/ShortCodes\.json", PAGING | {"FriendlyName", "ShortCode"}),
    ("messages", "GET", rf"{API}/Messages\.json", PAGING | {"To", "From", "DateSent", "DateSent>", "DateSent<"}),
    (
        "send", "POST", rf"{API}/Messages\.json",
        {"To", "From", "MessagingServiceSid", "Body", "StatusCallback", "ValidityPeriod", "ProvideFeedback"},
    ),
    ("services", "GET", rf"{MESSAGING}/Services", PAGING),
    ("pool", "GET", rf"{MESSAGING}/Services/(?P<service>MG\w+)/PhoneNumbers", PAGING),
    ("campaigns", "GET", rf"{MESSAGING}/Services/(?P<service>MG\w+)/Compliance/Usa2p", PAGING),
    ("brands", "GET", rf"{MESSAGING}/a2p/BrandRegistrations", PAGING),
    (
        "verifications", "GET", rf"{MESSAGING}/Tollfree/Verifications",
        PAGING | {"TollfreePhoneNumberSid", "Status", "ExternalReferenceId", "IncludeSubAccounts"},
    ),
    (
        "profiles", "GET", r"https://trusthub\.twilio\.com/v1/CustomerProfiles",
        PAGING | {"Status", "FriendlyName", "PolicySid"},
    ),
    ("countries", "GET", r"https://voice\.twilio\.com/v1/DialingPermissions/Countries", PAGING | {"IsoCode"}),
]  # fmt: skip
