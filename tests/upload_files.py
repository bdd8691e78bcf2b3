"""Make the files that people and attackers hand in: GeoJSON, GPX, KML, Shapefiles, bombs and disguises."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from typing import Any

import shapefile

CGCS2000_GK_120 = (
    'PROJCS["CGCS2000_3_Degree_GK_CM_120E",GEOGCS["GCS_China_Geodetic_Coordinate_System_2000",'
    'DATUM["D_China_2000",SPHEROID["CGCS2000",6378137.0,298.257222101]],PRIMEM["Greenwich",0.0],'
    'UNIT["Degree",0.0174532925199433]],PROJECTION["Gauss_Kruger"],PARAMETER["False_Easting",500000.0],'
    'PARAMETER["False_Northing",0.0],PARAMETER["Central_Meridian",120.0],PARAMETER["Scale_Factor",1.0],'
    'PARAMETER["Latitude_Of_Origin",0.0],UNIT["Meter",1.0]]'
)
WGS84 = (
    'GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984",SPHEROID["WGS_1984",6378137.0,298.257223563]],'
    'PRIMEM["Greenwich",0.0],UNIT["Degree",0.0174532925199433]]'
)
BEIJING_54 = WGS84.replace("WGS_1984", "Beijing_1954")
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="secret"><SrcDataSource>/etc/passwd</SrcDataSource>'
    "<SrcSQL>SELECT * FROM secret</SrcSQL></OGRVRTLayer></OGRVRTDataSource>"
)
XXE = '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
LAUGHS = (
    '<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {new} "{f"&{old};" * 10}">' for old, new in zip("abcdefgh", "bcdefghi", strict=True))
    + "]>"
)


def geojson(*features: Mapping[str, Any], **more: Any) -> bytes:
    """Return a FeatureCollection."""
    return json.dumps({"type": "FeatureCollection", "features": features, **more}, ensure_ascii=False).encode()


def row(geometry: Mapping[str, Any] | None, **properties: Any) -> dict[str, Any]:
    """Return a GeoJSON feature."""
    return {"type": "Feature", "geometry": geometry, "properties": properties}


def at(lon: float, lat: float = 30.7) -> dict[str, Any]:
    """Return a GeoJSON point."""
    return {"type": "Point", "coordinates": [lon, lat]}


def gpx(body: str, head: str = "") -> bytes:
    """Return a GPX document."""
    return f'{head}<gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">{body}</gpx>'.encode()


def kml(body: str, head: str = "") -> bytes:
    """Return a KML document."""
    return f'{head}<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{body}</Document></kml>'.encode()


def placemark(name: str, lon: float = 121.0, lat: float = 30.7) -> str:
    """Return a KML point."""
    return f"<Placemark><name>{name}</name><Point><coordinates>{lon},{lat},0</coordinates></Point></Placemark>"


def zipped(files: Mapping[str, bytes | str]) -> bytes:
    """Return a zip of files by name."""
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return output.getvalue()


def shapes(
    points: Sequence[tuple[float, float]],
    names: Sequence[str],
    prj: str = WGS84,
    encoding: str = "utf-8",
    cpg: str = "",
) -> dict[str, bytes | str]:
    """Return the files of a Shapefile of points with a field `NAME`."""
    files = {suffix: io.BytesIO() for suffix in ("shp", "shx", "dbf")}
    with shapefile.Writer(shapeType=shapefile.POINT, encoding=encoding, **files) as writer:
        writer.field("NAME", "C", size=80)
        writer.field("VISIT_MIN", "N", size=9, decimal=0)
        for (x, y), name in zip(points, names, strict=True):
            writer.point(x, y)
            writer.record(name, 30)
    more = {"data/places.prj": prj} if prj else {}
    more |= {"data/places.cpg": cpg} if cpg else {}
    return {f"data/places.{suffix}": file.getvalue() for suffix, file in files.items()} | more


def table_bomb() -> bytes:
    """Return a small workbook whose sheet unpacks to 100 MB."""
    return workbook("<row r='1'><c r='A1'><v>1</v></c></row>" + " " * 100_000_000)


def workbook(rows: str) -> bytes:
    """Return a workbook with these rows as XML."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    relations = "http://schemas.openxmlformats.org/package/2006/relationships"
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    types = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    return zipped(
        {
            "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
            '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{types}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{types}.worksheet+xml"/></Types>',
            "_rels/.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
            f'Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
            "xl/workbook.xml": f'<workbook xmlns="{main}" xmlns:r="{office}"><sheets>'
            '<sheet name="s" sheetId="1" r:id="r1"/></sheets></workbook>',
            "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{relations}"><Relationship Id="r1" '
            f'Type="{office}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
            "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{main}"><sheetData>{rows}</sheetData></worksheet>',
        }
    )
