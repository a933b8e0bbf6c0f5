"""Numbers as people of many countries write them."""

import math
import re
from unicodedata import decimal, normalize

MAX_LENGTH = 100
_EXACT_INTEGERS = 1e15

_SUPERSCRIPTS = re.compile("[⁺⁻]?[⁰¹²³⁴-⁹]+")
_VULGAR_FRACTION = re.compile("(?=[¼-¾⅐-⅞↉])")
_SIGNS = str.maketrans(
    dict.fromkeys("−–—‐‑‒﹣", "-") | dict.fromkeys("’‘ʼ´`٬", "'") | dict.fromkeys("⁄∕", "/") | {"٫": "."}
)
_FRACTION = re.compile(r"([+-]?) ?(?:(\d+) )?(\d+) ?/ ?(\d+)")
_SCIENTIFIC = re.compile(r"([+-]?) ?([\d.,' ]*\d[.,]?)(?:[eE]([+-]?\d{1,4})| ?[×xX*·⋅] ?10 ?\^ ?\(?([+-]?\d{1,4})\)?)?")
_POWER_OF_TEN = re.compile(r"([+-]?) ?10 ?\^ ?\(?([+-]?\d{1,4})\)?")
_PLAIN = re.compile(r"(\d*)(?:([.,])(\d*))?")
_GROUPED = re.compile(r"(?P<whole>\d{1,3}(?P<mark>[ ',.])\d{3}(?:(?P=mark)\d{3})*)(?:(?!(?P=mark))[.,](?P<rest>\d*))?")
_INDIAN = re.compile(r"(?P<whole>\d{1,2}(?:,\d{2})+,\d{3})(?:\.(?P<rest>\d*))?")

_COMMA_LANGUAGES = frozenset(
    ("af", "bg", "ca", "cs", "da", "de", "el", "es", "et", "eu", "fi", "fr", "gl", "hr", "hu", "id", "is", "it", "lt",
     "lv", "nb", "nl", "nn", "no", "pl", "pt", "ro", "ru", "sk", "sl", "sr", "sv", "tr", "uk", "vi")
)  # fmt: skip
_POINT_REGIONS = frozenset({"de-ch", "de-li", "it-ch", "es-gt", "es-hn", "es-mx", "es-ni", "es-pa", "es-pr", "es-us"})


def uses_decimal_comma(language: str) -> bool:
    """Whether a language tag (BCP 47) stands for decimal commas; unknown ones stand for points."""
    tag = language.lower().replace("_", "-")
    return tag.split("-")[0] in _COMMA_LANGUAGES and tag not in _POINT_REGIONS


def parse_number(text: str, *, decimal_comma: bool = False) -> float | None:
    """The likeliest of `number_readings`, None when the text is no number."""
    return next(iter(number_readings(text, decimal_comma=decimal_comma)), None)


def number_readings(text: str, *, decimal_comma: bool = False) -> tuple[float, ...]:
    """Every finite value that a text may stand for, the likeliest first.

    Understands grouping by point, comma, space and apostrophe, powers of ten and fractions. A single mark before
    exactly three digits is decimal if it is the decimal sign of the language, else it is ambiguous: with decimal
    points 1.234 is 1.234 only, while 1,234 is 1234 or 1.234.
    """
    text = readable(text)
    if not text or len(text) > MAX_LENGTH:
        return ()
    candidates = _fraction(text) or _power_of_ten(text) or _scientific(text, decimal_comma=decimal_comma)
    return tuple(value for value in candidates if math.isfinite(value))


def readable(text: str) -> str:
    """One spelling for digits, signs and spaces of all scripts; 10² becomes 10^2 and 2½ becomes 2 1/2."""
    if not text.isascii() and len(text) <= MAX_LENGTH:
        text = _SUPERSCRIPTS.sub(lambda run: "^" + run[0], text)
        text = _VULGAR_FRACTION.sub(" ", text).translate(_SIGNS)
        text = normalize("NFKC", text).translate(_SIGNS)
        text = "".join(str(decimal(sign)) if sign.isdecimal() else sign for sign in text)
    return " ".join(text.split())


def format_number(value: float) -> str:
    """The shortest text that reads as the same number; whole numbers without a point."""
    if value.is_integer() and abs(value) < _EXACT_INTEGERS:
        return str(int(value))
    return repr(value)


def _fraction(text: str) -> list[float]:
    match = _FRACTION.fullmatch(text)
    if match is None or int(match[4]) == 0:
        return []
    return [_signed(match[1], int(match[2] or 0) + int(match[3]) / int(match[4]))]


def _power_of_ten(text: str) -> list[float]:
    match = _POWER_OF_TEN.fullmatch(text)
    return [_signed(match[1], float(f"1e{match[2]}"))] if match else []


def _scientific(text: str, *, decimal_comma: bool) -> list[float]:
    match = _SCIENTIFIC.fullmatch(text)
    if match is None:
        return []
    exponent = match[3] or match[4] or "0"
    digits = _separated(match[2], decimal_sign="," if decimal_comma else ".")
    return [_signed(match[1], float(f"{mantissa}e{exponent}")) for mantissa in digits]


def _signed(sign: str, value: float) -> float:
    return -value if sign == "-" else value


def _separated(body: str, *, decimal_sign: str) -> list[str]:
    """Readings of digits with marks, as texts that `float` understands."""
    plain, grouped = _PLAIN.fullmatch(body), _GROUPED.fullmatch(body) or _INDIAN.fullmatch(body)
    readings = []
    if grouped and not body.startswith("0") and not (plain and plain[2] == decimal_sign):
        whole = re.sub(r"\D", "", grouped["whole"])
        readings.append(f"{whole}.{grouped['rest'] or 0}")
    if plain:
        readings.append(f"{plain[1] or 0}.{plain[3] or 0}")
    return readings
