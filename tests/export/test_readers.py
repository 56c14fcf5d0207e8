"""Exports, read back by the programs that people open them with.

`make test` installs those that are large; without them these tests are left out.
"""

from __future__ import annotations

import warnings
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
import pytest

from formcheck.errors import UsageError
from formcheck.export.c3d import MOST_FRAMES, c3d_bytes
from formcheck.export.markers import MARKERS
from formcheck.export.opensim import coordinates, mot_text, trc_text
from formcheck.export.tables import angles_table, parquet_bytes

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from formcheck.export.markers import MarkerSet
    from formcheck.export.source import Source

    Floats = NDArray[np.float64]

CASES = Path(__file__).parent / "cases"
MM = 0.006


@pytest.fixture
def opensim(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """The library, which writes its log into the folder it is used in."""
    monkeypatch.chdir(tmp_path)
    return pytest.importorskip("opensim")


@pytest.fixture
def trc(gappy: MarkerSet, tmp_path: Path) -> Path:
    """A file whose last marker is missing for a while."""
    file = tmp_path / "squat.trc"
    file.write_text(trc_text(gappy, file.name))
    return file


def test_pandas_and_pose2sim_read_each_marker_in_its_own_columns(
    trc: Path, gappy: MarkerSet
) -> None:
    """Step by step what `Pose2Sim.common.read_trc` of 0.10.49 does."""
    names = [cell.strip() for cell in trc.read_text().split("\n")[3].split("\t")[2::3]]
    names = [name for name in names if name]
    table = pd.read_csv(trc, sep="\t", skiprows=4)
    frames, times = table.iloc[:, 0], table.iloc[:, 1]
    places = table.drop(table.columns[[0, 1]], axis=1)
    places = places.loc[:, ~places.columns.str.startswith("Unnamed")]
    assert names == list(MARKERS)
    assert frames.tolist() == list(range(1, len(gappy.t_s) + 1))
    assert np.allclose(times, gappy.t_s, atol=1e-6)
    found = places.to_numpy(float).reshape(len(times), len(names), 3)
    assert np.allclose(found, gappy.places_m * 1000, atol=MM, equal_nan=True)


def test_every_line_of_a_trc_file_has_as_many_cells_as_its_headings(trc: Path) -> None:
    _, _, _, *table = trc.read_text().split("\n")
    assert {line.count("\t") for line in table if line} == {2 + 3 * len(MARKERS)}


def test_opensim_reads_markers_and_writes_the_same_headings(
    trc: Path, gappy: MarkerSet, tmp_path: Path, opensim: Any
) -> None:
    table = opensim.TimeSeriesTableVec3(str(trc))
    assert list(table.getColumnLabels()) == list(MARKERS)
    assert float(table.getTableMetaDataString("DataRate")) == pytest.approx(gappy.rate_hz)
    assert np.allclose(table.getIndependentColumn(), gappy.t_s, atol=1e-6)
    for number, name in enumerate(gappy.names):
        column = table.getDependentColumn(name)
        found = np.array([[column[row][i] for i in range(3)] for row in range(len(gappy.t_s))])
        expected = gappy.places_m[:, number] * 1000
        assert np.allclose(found, expected, atol=MM, equal_nan=True), name
    opensim.TRCFileAdapter.write(table, str(tmp_path / "again.trc"))
    again = (tmp_path / "again.trc").read_text().split("\n")
    assert again[1:6] == trc.read_text().split("\n")[1:6]


def test_opensim_reads_angles_as_degrees(side: Source, tmp_path: Path, opensim: Any) -> None:
    found = coordinates(side.movement(""))
    file = tmp_path / "squat.mot"
    file.write_text(mot_text(found, "squat", ["A note."]))
    table = opensim.TimeSeriesTable(str(file))
    assert list(table.getColumnLabels()) == list(found.columns)
    assert table.getTableMetaDataString("inDegrees") == "yes"
    assert opensim.Storage(str(file)).isInDegrees()
    for name, values in found.columns.items():
        read = table.getDependentColumn(name).to_numpy()
        assert np.allclose(read, values, atol=1e-6, equal_nan=True), name


def test_c3d_reads_points_and_those_that_are_missing(
    gappy: MarkerSet, side: Source, tmp_path: Path
) -> None:
    c3d = pytest.importorskip("c3d")
    file = tmp_path / "squat.c3d"
    file.write_bytes(c3d_bytes(gappy, side.report))
    places, unseen = _read_by_c3d(c3d, file)
    missing = np.isnan(gappy.places_m).any(axis=2)
    assert np.array_equal(unseen, missing)
    assert missing.any()
    assert np.allclose(places[~missing], gappy.places_m[~missing] * 1000, atol=1e-3)


def _read_by_c3d(c3d: object, file: Path) -> tuple[Floats, NDArray[np.bool_]]:
    with file.open("rb") as stream, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no analogue data
        points = [point for _, point, _ in c3d.Reader(stream).read_frames()]  # type: ignore[attr-defined]
    data = np.array(points)
    return data[..., :3], data[..., 3] < 0


def long_set(markers: MarkerSet, frames: int) -> MarkerSet:
    """As many frames as wanted; the first marker's X counts them, in millimetres."""
    places = np.zeros((frames, len(markers.names), 3))
    places[:, 0, 0] = np.arange(frames) / 1000
    return replace(markers, t_s=np.arange(frames) / 30.0, rate_hz=30.0, places_m=places)


def test_the_longest_c3d_file_is_read_to_its_end(
    gappy: MarkerSet, side: Source, tmp_path: Path
) -> None:
    import ezc3d

    file = tmp_path / "long.c3d"
    file.write_bytes(c3d_bytes(long_set(gappy, MOST_FRAMES), side.report))
    points = ezc3d.c3d(str(file))["data"]["points"]
    assert points.shape[2] == MOST_FRAMES
    assert points[0, 0, -1] == pytest.approx(MOST_FRAMES - 1)
    c3d = pytest.importorskip("c3d")
    places, _ = _read_by_c3d(c3d, file)
    assert len(places) == MOST_FRAMES
    assert places[-1, 0, 0] == pytest.approx(MOST_FRAMES - 1)


@pytest.mark.parametrize("frames", [MOST_FRAMES + 1, 70_000])
def test_more_frames_than_c3d_counts_are_refused(
    gappy: MarkerSet, side: Source, frames: int
) -> None:
    with pytest.raises(UsageError, match=f"at most 65,534 frames, and this clip has {frames:,}"):
        c3d_bytes(long_set(gappy, frames), side.report)


def test_polars_and_duckdb_read_tables(side: Source, tmp_path: Path) -> None:
    polars, duckdb = pytest.importorskip("polars"), pytest.importorskip("duckdb")
    table = angles_table(side.movement(""), side.report)
    knees = next(c.values for c in table.columns if c.name == "knee_flexion_left_deg")
    (tmp_path / "a.parquet").write_bytes(parquet_bytes(table))
    (tmp_path / "a.csv").write_text(table.csv_text())
    for kind, tolerance in (("parquet", 1e-9), ("csv", 0.006)):
        file = tmp_path / f"a.{kind}"
        read = getattr(polars, f"read_{kind}")(file)
        assert read.columns == [column.name for column in table.columns]
        found = read["knee_flexion_left_deg"].to_numpy()
        assert np.allclose(found, knees, atol=tolerance, equal_nan=True)
        rows = duckdb.sql(
            f"SELECT rep, max(knee_flexion_left_deg) FROM '{file}' "
            "WHERE rep IS NOT NULL GROUP BY rep ORDER BY rep"
        ).fetchall()
        assert [rep for rep, _ in rows] == [rep.index for rep in side.report.reps]
        assert all(deepest > 90 for _, deepest in rows)
