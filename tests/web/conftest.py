"""Begin and compress quickly: hundreds of applications are made here, thousands of answers, and none is sent."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from cityatlas.web.http.sending import answers


@pytest.fixture(scope="module", autouse=True)
def quick_compression(quickly_begun: None) -> Iterator[None]:
    """Take every answer for one that is too large to be compressed as far as it goes."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(answers, "SMALL_BYTES", 0)
        yield
