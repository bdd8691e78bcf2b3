"""Check phone numbers, addresses on the web and currencies, and write a number as its link."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from ..geo.geojson import NOT_TEXT, show
from ..schema.faults import fault
from .value_checks import URL, Faults, matches

# 0573-85012345, +86 573 8501 2345, 400-820-1234, (0573) 85012345 转 801
PHONE = re.compile(r"\+?[0-9(][0-9 ()-]{3,24}[0-9](?: ?(?:转|ext\.?|x) ?([0-9]{1,6}))?")
CURRENCY = re.compile("[A-Z]{3}")  # ISO 4217


def phone_faults(value: object) -> Faults:
    """Yield that a value is no phone number, or several."""
    if not matches(PHONE, value):
        yield fault("not_phone", given=show(value))


def address_faults(value: object) -> Faults:
    """Yield that a value is no http or https address with a host."""
    if not isinstance(value, str) or not URL.fullmatch(value) or NOT_TEXT.search(value) or not host_of(value):
        yield fault("not_address", given=show(value))


def currency_faults(value: object) -> Faults:
    """Yield that a value is no code of a currency."""
    if not matches(CURRENCY, value):
        yield fault("not_currency", given=show(value))


def tel_address(phone: str) -> str:
    """Return a checked phone number as a tel: address: digits, a plus that begins it, and its extension."""
    found = PHONE.fullmatch(phone)
    extension = found[1] if found else None
    number = phone[: found.start(1)] if found and extension else phone
    digits = "".join(re.findall(r"^\+|[0-9]", number))
    return f"tel:{digits}" + (f";ext={extension}" if extension else "")


def host_of(url: str) -> str:
    """Return the host of an address, for people to see where a link leads; "" where there is none."""
    try:
        return urlsplit(url).hostname or ""
    except ValueError:  # a bracket of IPv6 that nothing closes
        return ""
