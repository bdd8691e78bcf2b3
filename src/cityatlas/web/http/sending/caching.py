"""Say how long an answer may be kept, and by whom: the one table of Cache-Control.

Nothing that a visitor gets depends on cookies or on who asks, so a cache between us and them may hold all of it. An
address whose language is still to be chosen answers no page; it leads to one.
"""

from __future__ import annotations

from typing import Final

YEAR_S, DAY_S, MINUTE_S, EDIT_S = 31_536_000, 86_400, 60, 5

# What an address names by its content (a hash, a snapshot's tag) never changes.
IMMUTABLE: Final = f"public, max-age={YEAR_S}, immutable"
# What shows the present snapshot: browsers ask each time and are answered 304 while it holds; a cache between us and
# them asks every few seconds, fetches the new one behind the answer, and goes on with the old one while we are down.
PUBLIC: Final = f"public, max-age=0, s-maxage={EDIT_S}, stale-while-revalidate={MINUTE_S}, stale-if-error={DAY_S}"
# What tells of a past moment: it does not change but by a restored backup or another program, so it is asked for daily.
PAST: Final = f"public, max-age={DAY_S}, immutable"
# What a browser keeps and asks for at each visit: the worker, whose faults are healed so.
ASKED: Final = "no-cache"
# What leads one visitor to a language, and errors: the next one may be led elsewhere.
REDIRECT: Final = "no-store"
# What belongs to one person or one moment: the desk, forms, the state of the server.
PRIVATE: Final = "private, no-store"
