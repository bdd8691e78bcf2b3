"""Run the notebook that README names, as somebody does who opens it in Jupyter."""

from __future__ import annotations

import json
from pathlib import Path

import nbformat
import pytest
from nbclient import NotebookClient

NOTEBOOK = Path(__file__).resolve().parents[2] / "data" / "city.ipynb"
# of the kernel's machinery, which closes its sockets when Python ends
pytestmark = [
    pytest.mark.filterwarnings("default::ResourceWarning"),
    pytest.mark.filterwarnings("default::DeprecationWarning"),
]


def test_the_notebook_runs_and_shows_a_frame_a_map_a_day_and_a_picture(tmp_path: Path) -> None:
    notebook = nbformat.from_dict(json.loads(NOTEBOOK.read_text("utf-8")))  # type: ignore[no-untyped-call]
    assert [cell.outputs for cell in notebook.cells if cell.cell_type == "code" and cell.outputs] == []
    NotebookClient(notebook, timeout=60, resources={"metadata": {"path": str(tmp_path)}}).execute()
    shown = [cell.outputs[-1].data for cell in notebook.cells if cell.cell_type == "code"]
    assert [set(data) - {"text/plain"} for data in shown] == [
        set(),
        set(),
        {"text/html"},
        {"text/html"},
        set(),
        {"image/svg+xml", "image/png"},
    ]
    assert shown[0]["text/plain"] == "<Atlas pinghu: 67 features in 7 layers>"
    assert shown[3]["text/html"].startswith("<iframe srcdoc=")
    assert shown[4]["text/plain"].startswith("[('13:")
