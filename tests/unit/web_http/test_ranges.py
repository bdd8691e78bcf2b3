"""Take up a download that broke off: one part of the bytes as they are, of just that revision, and of nothing else."""

from __future__ import annotations

import pytest
from flask.testing import FlaskClient

from cityatlas.web.http.sending import ranges
from cityatlas.web.http.sending.ranges import wanted_part

TAG, LONG = '"abc"', 100_000
FILE = "/layers/sights.gpkg"


@pytest.mark.parametrize(
    ("wanted", "part"),
    [
        ("", None),
        ("bytes=0-0", range(1)),
        ("bytes=99990-", range(99_990, LONG)),
        ("bytes=-10", range(99_990, LONG)),
        ("bytes=-200000", range(LONG)),
        ("bytes=5-999999999999999999999", range(5, LONG)),
        ("bytes=100000-", range(0)),
        ("bytes=0-0,5-6", None),
        ("bytes=5-4", None),
        ("bytes=a-b", None),
        ("items=0-5", None),
        ("x", None),
    ],
)
def test_a_part_is_what_the_header_says_and_nonsense_is_the_whole(wanted: str, part: range | None) -> None:
    assert wanted_part(LONG, "", TAG, wanted, "") == part


@pytest.mark.parametrize(
    ("if_range", "is_part"),
    [(TAG, True), ('"abd"', False), (f"W/{TAG}", False), ("abc", False), ("Fri, 04 Dec 2026 10:00:00 GMT", False)],
)
def test_a_part_of_another_revision_is_the_whole(if_range: str, is_part: bool) -> None:
    assert (wanted_part(LONG, "", TAG, "bytes=9-", if_range) == range(9, LONG)) is is_part


@pytest.mark.parametrize(("length", "coding"), [(LONG, "gzip"), (ranges.PARTED_BYTES - 1, "")])
def test_what_is_compressed_or_small_is_sent_whole(length: int, coding: str) -> None:
    assert wanted_part(length, coding, TAG, "bytes=9-", "") is None


@pytest.mark.parametrize("times", ["first", "again"])  # by Flask, and then before Flask is asked
def test_a_download_is_taken_up_where_it_broke_off(client: FlaskClient, times: str) -> None:
    whole = client.get(FILE)
    length, tag = len(whole.data), whole.headers["ETag"]
    assert (whole.status_code, whole.headers["Accept-Ranges"]) == (200, "bytes")
    address = FILE if times == "again" else f"{FILE}?none={times}"  # another name, which nobody has asked for
    rest = client.get(address, headers={"Range": "bytes=70000-", "If-Range": tag})
    assert (rest.status_code, rest.data) == (206, whole.data[70_000:])
    assert rest.headers["Content-Range"] == f"bytes 70000-{length - 1}/{length}"
    assert rest.headers["ETag"] == tag
    assert rest.headers["Content-Disposition"] == whole.headers["Content-Disposition"]
    beyond = client.get(address, headers={"Range": f"bytes={length}-"})
    assert (beyond.status_code, beyond.data, beyond.headers["Content-Range"]) == (416, b"", f"bytes */{length}")
    changed = client.get(address, headers={"Range": "bytes=70000-", "If-Range": '"older"'})
    assert (changed.status_code, changed.data) == (200, whole.data)
    assert client.get(address, headers={"Range": "bytes=0-9", "If-None-Match": tag}).status_code == 304
    packed = client.get(address, headers={"Range": "bytes=0-9", "Accept-Encoding": "gzip"})
    assert (packed.status_code, packed.headers["Content-Encoding"]) == (200, "gzip")
    assert "Accept-Ranges" not in packed.headers
    head = client.head(address, headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.headers["Content-Length"]) == (200, str(length))


def test_a_small_file_has_no_parts(client: FlaskClient) -> None:
    answer = client.get("/layers/works.geojson", headers={"Range": "bytes=0-9"})
    assert (answer.status_code, "Accept-Ranges" in answer.headers) == (200, False)
