"""Hand in what attackers hand in: disguises, bombs, entities and broken files. None of it hurts or gets through."""

from __future__ import annotations

import struct
import subprocess
import time
from collections.abc import Callable
from typing import Any

import pytest

from cityatlas.errors import CityatlasError, FileTooLarge, InvalidFile, status_of
from cityatlas.exchange.incoming.new_features import ImportChoices, to_features
from cityatlas.exchange.uploads import sandbox
from cityatlas.exchange.uploads.limits import MAX_FILE_BYTES, check_size, check_zip
from cityatlas.exchange.uploads.sandbox import Progress
from cityatlas.exchange.uploads.shapes import Imported, ImportedShape, read_upload
from cityatlas.paths import PACKAGE
from sheet_files import read, toy_catalogue
from upload_files import LAUGHS, VRT, XXE, at, geojson, gpx, kml, placemark, row, shapes, table_bomb, workbook, zipped

READERS: dict[str, Callable[[bytes], object]] = {"map": lambda raw: read_upload(raw, "x"), "sheet": read}


def refused(raw: bytes, reader: str = "map") -> tuple[type[CityatlasError], str]:
    """Return the error that reading ends in; the test fails when there is none."""
    with pytest.raises(CityatlasError) as caught:
        READERS[reader](raw)
    return type(caught.value), caught.value.values["reason"]


def lying(raw: bytes, size: int) -> bytes:
    """Return a zip whose directory says that each entry unpacks to another size."""
    changed = bytearray(raw)
    at_entry = raw.find(b"PK\x01\x02")
    while at_entry >= 0:
        struct.pack_into("<I", changed, at_entry + 24, size)
        at_entry = raw.find(b"PK\x01\x02", at_entry + 4)
    return bytes(changed)


@pytest.mark.parametrize("name", ["x.kml", "x.geojson", "doc.kml", "a.shp"])
def test_a_vrt_in_disguise_is_nobodys_format(name: str) -> None:
    assert refused(VRT.encode()) == (InvalidFile, "files.unknown_format")
    kind, key = refused(zipped({name: VRT}))
    assert kind is InvalidFile
    assert key in ("files.unknown_format", "files.not_kml", "files.no_shapefile")


@pytest.mark.parametrize("attack", [XXE, LAUGHS], ids=["xxe", "laughs"])
def test_entities_are_refused_unread(attack: str) -> None:
    for raw in (gpx("<wpt/>", attack), kml(placemark("&e;"), attack), zipped({"doc.kml": kml("", attack)})):
        assert refused(raw) == (InvalidFile, "files.has_dtd")


def test_a_bomb_is_told_by_its_directory_before_anything_is_unpacked() -> None:
    bomb = zipped({"doc.kml": b"\0" * 60_000_000})
    assert refused(bomb) == (FileTooLarge, "files.unpacked")
    assert refused(zipped({"doc.kml": b"\0" * 30_000_000})) == (FileTooLarge, "files.ratio")
    assert refused(table_bomb(), "sheet") == (FileTooLarge, "files.unpacked")
    begin = time.process_time()
    with pytest.raises(FileTooLarge):
        check_zip(bomb)
    assert time.process_time() - begin < 0.5  # the limit of a second, with room; it takes about a millisecond


@pytest.mark.parametrize("reader", READERS)
def test_a_directory_that_lies_gains_nothing(reader: str) -> None:
    bomb = table_bomb() if reader == "sheet" else zipped({"doc.kml": b"<kml>" + b" " * 100_000_000})
    kind, key = refused(lying(bomb, 1000), reader)
    assert issubclass(kind, InvalidFile | FileTooLarge)
    assert key in (
        "files.unreadable",
        "files.unreadable_workbook",
        "files.too_hard",
        "files.not_xml",
        "files.no_header",
    )


def test_many_entries_are_refused_by_their_number_alone() -> None:
    assert refused(zipped({f"{n}.txt": b"" for n in range(101)})) == (FileTooLarge, "files.many_entries")
    raw = bytearray(zipped({"doc.kml": b""}))
    struct.pack_into("<H", raw, len(raw) - 12, 60_000)
    assert refused(bytes(raw)) == (FileTooLarge, "files.many_entries")


@pytest.mark.parametrize("name", ["../evil.kml", "/etc/evil.kml", "a/../../evil.kml", "..\\evil.kml", "C:\\evil.kml"])
def test_names_that_lead_out_are_refused(name: str) -> None:
    assert refused(zipped({name: kml(placemark("x"))})) == (InvalidFile, "files.entry_name")


def test_an_archive_within_an_archive_is_refused() -> None:
    inner = zipped({"doc.kml": kml(placemark("x"))})
    assert refused(zipped({"doc.kml": kml(""), "inner.zip": inner})) == (InvalidFile, "files.nested")


def test_a_zip_with_a_password_is_told() -> None:
    raw = bytearray(zipped({"doc.kml": kml("")}))
    at_entry = raw.find(b"PK\x01\x02")
    raw[at_entry + 8] |= 1
    assert refused(bytes(raw)) == (InvalidFile, "files.encrypted")


@pytest.mark.parametrize("cut", [4, 30, 200])
def test_half_a_zip_is_told(cut: int) -> None:
    assert refused(zipped(shapes([(121.0, 30.7)], ["a"]))[:-cut])[0] is InvalidFile


def test_a_cell_at_the_far_end_is_refused_instead_of_filling_the_memory() -> None:
    for cell in ("XFD1048576", "A20001", "GS1", "B1000000"):
        raw = workbook(f'<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="{cell}"><v>1</v></c></row>')
        assert refused(raw, "sheet") == (FileTooLarge, "files.large_table"), cell
        styled = workbook(f'<row r="1"><c s="1" r="{cell}" t="n"><v>1</v></c></row>')
        assert refused(styled, "sheet") == (FileTooLarge, "files.large_table"), cell


def test_blank_cells_with_a_style_at_the_far_end_are_no_fault() -> None:
    raw = workbook('<row r="1"><c r="A1"><v>1</v></c></row><row r="1048576"><c r="XFD1048576" s="1"/></row>')
    assert refused(raw, "sheet") == (InvalidFile, "files.no_header")


def test_a_long_or_wide_csv_is_refused() -> None:
    assert refused(b"id,name\n" * 20_001, "sheet") == (FileTooLarge, "files.large_table")
    assert refused(b"," * 200 + b"\n", "sheet") == (FileTooLarge, "files.large_table")


def test_a_quote_that_is_never_closed_is_told() -> None:
    raw = b'id,name.zh\nmill,"' + b"x" * 200_000
    assert refused(raw, "sheet") == (InvalidFile, "files.large_cell")


def test_what_would_take_long_to_compare_is_refused_unread() -> None:
    cells = {"facts": "a|b|c|d|Town paper\n" * 501, "opening_hours": " " * 100_000 + "x", "hours_source": "t" * 100_000}
    header, cell = ",".join(["id", *cells]), ",".join(f'"{text}"' for text in cells.values())
    found = read(f"{header}\nhall,{cell}".encode())
    assert [(fault.key, fault.cure) for fault in found.faults] == [
        ("files.many_lines", ""),
        ("files.not_hours", ""),
        ("files.unknown_source", ""),
        ("fault.long", ""),
    ]


@pytest.mark.parametrize("reader", READERS)
def test_a_file_above_the_limit_is_413_and_one_byte_less_is_read(reader: str) -> None:
    with pytest.raises(FileTooLarge) as caught:
        READERS[reader](b"x" * (MAX_FILE_BYTES + 1))
    assert status_of(caught.value) == 413
    check_size(MAX_FILE_BYTES)


@pytest.mark.parametrize(
    ("raw", "key"),
    [
        (b"[" * 100_000 + b"]" * 100_000, "files.not_geojson"),
        (b'{"type":"FeatureCollection","features":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "files.not_geojson"),
        (b'{"type": "FeatureCollection", "features": [' + b"9" * 5_000 + b"]}", "files.bad_number"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [NaN, 1]}}', "files.bad_number"),
        (b'{"type": "Feature", "geometry": {"type": "Point", "coordinates": [1e999, 1]}}', "files.bad_number"),
        (geojson(row(at(121.0), deep=[[[[[[[1]]]]]]])), "files.deep"),
        (b'{"type": "Feature", "properties": {"a": ' + b"[" * 800 + b"]" * 800 + b"}}", "files.deep"),
        (gpx('<wpt lat="nan" lon="121"/>'), "files.bad_number"),
        (gpx('<wpt lat="x" lon="121"/>'), "files.not_gpx"),
        (kml(placemark("x").replace("121.0", "inf")), "files.bad_number"),
        (b"<gpx>" + b"<a>" * 200_000 + b"</a>" * 200_000 + b"</gpx>", "files.no_features"),
        (b'<?xml version="1.0" encoding="nobody"?><gpx/>', "files.not_xml"),
    ],
)
def test_numbers_and_nesting_that_break_parsers_are_refused(raw: bytes, key: str) -> None:
    assert refused(raw) == (InvalidFile, key)


def test_too_many_vertices_are_refused_with_413() -> None:
    line = {"type": "LineString", "coordinates": [[121.0, 30.7]] * 50_001}
    assert refused(geojson(row(line))) == (FileTooLarge, "files.many_vertices")


@pytest.mark.parametrize("seed", range(8))
def test_broken_bytes_end_in_a_refusal_and_never_in_a_crash(seed: int) -> None:
    inner = dict(shapes([(121.0, 30.7)] * 5, list("abcde")))
    for name in ("data/places.shp", "data/places.dbf"):
        content = bytearray(inner[name])  # type: ignore[arg-type]
        content[4 + seed * 7 : 8 + seed * 7] = b"\xff\xff\xff\xff"
        raw = zipped(inner | {name: bytes(content)})
        assert status_after(raw) in (200, 413, 422)


def status_after(raw: bytes) -> int:
    """Return the status that handing in a file would be answered with."""
    try:
        read_upload(raw, "x")
    except CityatlasError as error:
        return status_of(error)
    return 200


@pytest.mark.parametrize(
    "key", ["name.zh", "kind", "sources", "phases", "opening_hours", "access.lift", "themes", "id"]
)
@pytest.mark.parametrize("value", [["x"], [{"phase": ["x"]}], [[1]], {"zh": ["x"]}, True, -1, 1e300, "=1", 10**4000])
def test_attributes_of_any_kind_end_in_a_feature_or_a_fault(key: str, value: Any) -> None:
    catalogue = toy_catalogue()
    shape = ImportedShape(1, at(121.0), {"name": "馆", "given": value})
    found = Imported("x", "geojson", ("name", "given"), (shape,))
    choices = ImportChoices({"name.zh": "name", key: "given"}, "2026-11-24", kind="museum")
    made = to_features(found, catalogue.layers["sights"].spec, catalogue.city, choices)
    assert len(made.features) == (not made.faults)


# The process that parses


def test_a_parser_that_takes_too_long_is_stopped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sandbox, "PARSE_WALL_S", 0)
    assert refused(geojson(row(at(121.0)))) == (InvalidFile, "files.too_hard")


def test_an_import_can_be_cancelled() -> None:
    points = " ".join("121.0,30.7" for _ in range(700_000))
    raw = kml(f"<Placemark><LineString><coordinates>{points}</coordinates></LineString></Placemark>")
    with pytest.raises(InvalidFile) as caught:
        read_upload(raw, "x", Progress(lambda: True))
    assert caught.value.values["reason"] == "files.cancelled"


@pytest.mark.parametrize(
    "raw",
    [
        geojson(*(row(at(121.0), name=str(n)) for n in range(1_000))),
        kml("".join(placemark(str(n)) for n in range(1_000))),
        gpx('<wpt lat="30.7" lon="121"/>' * 1_000),
    ],
    ids=["geojson", "kml", "gpx"],
)
def test_a_parser_tells_how_far_it_is(raw: bytes) -> None:
    progress = Progress()
    read_upload(raw, "x", progress)
    assert (progress.stage, progress.done, progress.of) == ("read", 1_000, 1_000)


def test_an_import_can_be_cancelled_while_it_is_compared() -> None:
    rows = "".join(f"x-{n},馆{n}\n" for n in range(200))
    answers = iter([False] * 2 + [True] * 200)
    stop = Progress(lambda: next(answers))
    with pytest.raises(InvalidFile) as caught:
        read(f"id,name.zh\n{rows}".encode(), progress=stop)
    assert caught.value.values["reason"] == "files.cancelled"


def test_the_parser_gets_no_secrets(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: dict[str, str] = {}

    class Watched(subprocess.Popen[bytes]):
        def __init__(self, *args: Any, **options: Any) -> None:
            seen.update(options["env"])
            super().__init__(*args, **options)

    monkeypatch.setenv("CITYATLAS_DATABASE_URL", "postgresql://secret")
    monkeypatch.setattr(subprocess, "Popen", Watched)
    read_upload(geojson(row(at(121.0))), "x")
    assert set(seen) <= {"PATH", "LANG", "LD_LIBRARY_PATH", "SYSTEMROOT", "PYTHONUTF8"}


def test_no_module_of_ours_reads_uploads_by_gdal() -> None:
    users = [
        p.name for p in PACKAGE.rglob("*.py") if "read_dataframe" in (t := p.read_text("utf-8")) or "read_file(" in t
    ]
    assert users == []
