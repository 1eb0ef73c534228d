"""What a counter sees: good codes of every kind, and the tricks of bad ones, to be changed further."""

# ruff: noqa: RUF001 - signs that look like others are what bad codes are made of

from __future__ import annotations

from cashier_app.domain.identifier import CheckScheme, CodePattern, IdentifierRules, NumberRange

PLAIN = IdentifierRules("IN", link_prefixes=("https://m.example/c/",))
EVERYTHING = IdentifierRules(
    "DE",
    link_prefixes=("https://m.example/c/", "https://pub1.pskt.io/"),
    link_fields=("id", "code", "c", "m"),
    json_key="member",
    gs1_keys=("8018", "8017"),
    patterns=(
        CodePattern("PassKit", "{member:alphanumeric:22}", mixed_case=True),
        CodePattern("Google", "MEMBER-{member:digits:4-12}-{totp_timestamp_seconds}-{totp_value_0}"),
        CodePattern("White Label", "{member:uuid}"),
        CodePattern("Open Loyalty", "OL-{member:token:1-64}", sends_member=True),
        CodePattern("café", "Café {member:digits:6}", sends_member=True, is_number=True),
        CodePattern("signed", "SG:{member:alphanumeric:4-20}.{milliseconds}.{check:alphanumeric:16-64}"),
        CodePattern("coupon", "CP-{coupon:alphanumeric:4-16}"),
    ),
    numbers=(
        NumberRange("29", (13,), CheckScheme.EAN),
        NumberRange("MB", (8,), CheckScheme.MOD_97),
        NumberRange("9826", (16,), CheckScheme.LUHN, check_digit_missing=True),
        NumberRange("77", (8, 12)),
    ),
)
RULES = (PLAIN, EVERYTHING)

# fmt: off
SEEDS = (
    "LC1:PRYA7K2M4Q9XW3TB", "LR1:PRYA7K2M4Q9XW3TB:tp2y2o:0123abcd", "]Q1LC1:RAVI5N8C2H6ZD4KP", "LC1:",
    "MG-104210", "mb-4410", "44101234", "MB44101234", "2912345678906", "9826123412341237", "7712345678",
    "+91 98450 12210", "09845012210", "0091-98450-12210", "(0)98450/12210", "tel:+91-98450-12210",
    "+49 (0)30 123456", "030/123456", "tel:9845012210;phone-context=+91", "9845012210 ext. 12",
    "+1 (650) 253-0000", "020 7946 0958", "+49 (0) 151.1234.5678;ext=5",
    "4111111111111111", "4111 1111 1111 1111", ";4111111111111111=25121010000?", "378282246310005",
    "%B4111111111111111^RAGHUNATHAN/PRIYA^2512101?;4111111111111111=2512101?", ";44101234=?",
    "8901030865398", "96385074", "036000291452", "0036000291452", "]E08901030865398", "10012345678902",
    "]C101095060001343521724123110ABC\x1d8018123456789012345675", "(8018)123456789012345675", "<GS>8018",
    "8018123456789012345675", "(01)09506000134352(10)ABC", "]d201095060001343521\x1d10", "{GS}21AB",
    "https://m.example/c/abcd1234", "https://m.example/c/?id=abcd1234&utm=1", "HTTPS://M.EXAMPLE/C/ABCD",
    "https://m.example@evil.example/c/abcd", "https://m.example/c/..%2f..%2fx", "https:\\\\m.example\\c\\x",
    "https://xn--mexample-9db.example/c/abcd", "javascript:alert(1)", "http://m.example/c/abcd",
    '{"member": "44101234"}', '{"member": {"member": [1]}}', '{"member": 1e999}', "[" * 60, '{"a":' * 50,
    "3YkQ7vBn2sRt8WxLm5PzAe", "3YKQ7VBN2SRT8WXLM5PZAE", "550e8400-e29b-41d4-a716-446655440000",
    "MEMBER-4711-1763800000-123456", "SG:abcd1234.1763800000000.0123456789abcdef", "OL-Ab.c_d-1",
    "CP-SAVE10", "Café 123456", "CafÃ© 123456", "Caf\ufffd 123456", "*44101234*", "A44101234B", "a4410$12b",
    "٩٨٤٥٠١٢٢١٠", "９８４５０１２２１０", "LC1:प्रिया", "\u202e0122105489", "44\u200b101234", "²³¹⁴", "Ⅷ",
    "hello world", "", " ", "]", "]Q", "]Q1", ":", "=", "?", ";", "%", "{}", "\x00", "\ud800", "\x1d", "()",
    "a" * 256, "1" * 256, "()" * 128, "(" * 256, "-" * 256, "1-" * 128, "é" * 128, "9" * 20 + "-" * 200,
)

PIECES = (
    "]Q1", "]C1", "]E0", "]z9", "LC1:", "LR1:", ":", "-", " ", ".", "/", "+", "00", "(0)", "(", ")", "tel:",
    "https://", "m.example", "@", "%2f", "\\", "?id=", "&", "#", "..", "//", "://", ";ext=", "ext", "x",
    "8018", "(8018)", "<GS>", "\x1d", "\x1e", "\x04", "*", "A", "{", "}", '"', "[", "]", ",", "null", "=",
    "?", "\r", "\n", "\t", "\x00", "\x7f", "\x85", "\xa0", "\u200b", "\u202e", "\u2066", "\ufeff", "\ufffd",
    "\ud83d", "é", "Ã©", "â\x80\x99", "ß", "İ", "ſ", "٣", "５", "²", "Ⅷ", "𝟗", "万", "½", "😀", "\U000e0041",
    "\U0010ffff", "0", "1", "9", "4111111111111111", "0" * 30, "7" * 13, "2512", "AZ", "zz", "~",
    "_", "\u3164", "\ufe0f",
)
