"""Make the links of an answer lead to files, to the live site, or nowhere.

Our own templates wrote what is read here: attributes stand in double quotes and are escaped, so that no text of people
can look like a tag.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from html import escape, unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from .addresses import Place, Places

TAG = re.compile(r"<(a|area|form|iframe|image|img|link|meta|script|source|use|div|button|ul)\b([^<>]*)>")
ADDRESS = re.compile(
    r'(?<=\s)(href|src|action|content|xlink:href|data-(?:index|site|map|share|tour-plan|check|since|hours))="([^"<>]*)"'
)
IMAGES = re.compile(r'(?<=\s)srcset="([^"<>]*)"')
DATA = re.compile(r'(<script type="application/json" id="atlas">)(.*?)(</script>)', re.DOTALL)
IN_XML = re.compile(r'(<loc>|href=")([^<"]+)')
PATTERN = re.compile(r"/-/|/0/0/0[./]")  # of addresses that scripts fill in
GONE = ' hidden data-frozen="gone"'  # what nobody can answer here
POLICY = '<meta http-equiv="Content-Security-Policy" content="{}">\n'


@dataclass
class Linker:
    """Rewrite answers. `root` is the address of the frozen site, `live` that of the live one or "".

    What it finds on the way is in `found`, by the address that the program is asked for.
    """

    places: Places
    own: str
    root: str
    live: str
    found: dict[str, Place] = field(default_factory=dict)

    def place(self, address: str) -> Place | None:
        """Return the place of an address of ours and remember it; None for what the frozen site has not."""
        place = self.places.find(address)
        if place and not PATTERN.search(f"{place.asked}/"):
            self.found.setdefault(place.asked, place)
        return place

    def page(self, text: str, address: str, policy: str = "") -> str:
        """Return an HTML page or an SVG picture whose links lead somewhere; `policy` is put into its head."""
        text = DATA.sub(lambda found: found[1] + self._data(found[2]) + found[3], text)
        text = TAG.sub(lambda found: self._tag(found[1], found[2], address), text)
        return text.replace("<head>\n", "<head>\n" + POLICY.format(escape(policy)), 1) if policy else text

    def xml(self, text: str) -> str:
        """Return a sitemap whose addresses are those of files; one whose pages are live stays."""
        return IN_XML.sub(lambda found: found[1] + escape(self._absolute(unescape(found[2]))), text)

    def _absolute(self, address: str) -> str:
        """Return where a whole address of ours leads: to the live site, where there is one."""
        if self.live or not address.startswith(f"{self.own}/"):
            return address
        place = self.place(address.removeprefix(self.own))
        return self.root + place.address if place else address

    def _tag(self, name: str, attributes: str, base: str) -> str:
        gone = False

        def change(found: re.Match[str]) -> str:
            nonlocal gone
            key, value = found[1], unescape(found[2])
            led = self._led(name, key, value, base)
            gone |= led is None
            return "" if led is None else f'{key}="{escape(led)}"'

        changed = ADDRESS.sub(change, attributes)
        changed = IMAGES.sub(lambda found: f'srcset="{self._images(found[1], base)}"', changed)
        if gone and name == "link":
            return ""
        return f"<{name}{changed}{GONE if gone else ''}>"

    def _led(self, name: str, key: str, value: str, base: str) -> str | None:
        """Return where an address leads from here; None for nowhere."""
        if value.startswith(f"{self.own}/"):
            led = self._absolute(value)
            return None if led == value and not self.live and name == "link" else led
        if (
            key == "content"
            or value.startswith("#")
            or not (value.startswith(("/", "?")) or not key.startswith("data-"))
        ):
            return value
        whole = urljoin(base, value)
        if urlsplit(whole).scheme or whole.startswith("//"):
            return value
        address, _, fragment = whole.partition("#")
        place = None if name == "form" and not self._is_search(address) else self.place(address)
        if place:
            return place.address + (f"#{fragment}" if fragment else "")
        return self.live + whole if self.live else None

    def _is_search(self, address: str) -> bool:
        return self.places.endpoint(address.partition("?")[0]) in ("public.search", "public.show_map")

    def _images(self, value: str, base: str) -> str:
        rows = (row.strip().split(" ") for row in unescape(value).split(","))
        return escape(", ".join(" ".join([self._led("img", "src", row[0], base) or "", *row[1:]]) for row in rows))

    def _data(self, text: str) -> str:
        """Return what a page tells its scripts, with addresses of files and without the snapshot's tag."""
        table = json.loads(text)
        table.pop("tag", None)
        changed = json.dumps(_mapped(table, self._told), ensure_ascii=False, sort_keys=True)
        return changed.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")

    def _told(self, value: str) -> str:
        if not value.startswith("/") or value.startswith("//"):
            return value
        if place := self.place(value):
            return place.address
        return self.live + value if self.live and self.places.endpoint(value) else value


def _mapped(value: Any, change: Callable[[str], str]) -> Any:  # Any: JSON
    """Return JSON with each of its texts changed."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, list):
        return [_mapped(one, change) for one in value]
    if isinstance(value, dict):
        return {key: _mapped(one, change) for key, one in value.items()}
    return value
