from __future__ import annotations

import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[1]
MODELS = ("pose_lite.task", "pose_full.task", "pose_heavy.task")
HEAVY = {
    "ai_edge_litert",
    "mediapipe",
    "cv2",
    "scipy",
    "av",
    "matplotlib",
    "numpy",
    "pandas",
    "xarray",
}


@pytest.fixture(scope="module")
def project() -> dict[str, Any]:
    return tomllib.loads((ROOT / "pyproject.toml").read_text())


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the source archive and the wheel made from it."""
    folder = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(folder), str(ROOT)],
        check=True,
        capture_output=True,
    )
    return folder


def source_files(pattern: str) -> set[str]:
    return {str(path.relative_to(ROOT)) for path in (ROOT / "formcheck").rglob(pattern)}


def test_the_wheel_has_the_code_its_data_and_the_models(built: Path) -> None:
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
        for model in MODELS:
            data = wheel.read(f"formcheck/models/{model}")
            assert data == (ROOT / "models" / model).read_bytes()
    assert source_files("*.py") <= names
    assert source_files("*.toml")
    assert source_files("*.toml") <= names
    page = ROOT / "formcheck" / "present" / "page"
    assets = [file for file in page.rglob("*") if file.suffix in (".jinja", ".css", ".js", ".txt")]
    assert len(assets) >= 10
    assert {str(file.relative_to(ROOT)) for file in assets} <= names
    assert "formcheck/py.typed" in names
    assert {Path(name).name for name in names} >= {"LICENSE", "NOTICE", "entry_points.txt"}
    assert {name.split("/")[0] for name in names} == {"formcheck", "formcheck-0.2.0.dist-info"}


def test_the_source_archive_has_what_a_build_and_a_test_need(built: Path) -> None:
    with tarfile.open(next(built.glob("*.tar.gz"))) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    expected = {*(f"models/{model}" for model in MODELS), "models/build.py", "models/README.md"}
    assert expected | {"Makefile"} | {"constraints.txt", "tools/setup_system.py"} <= names
    assert "tests/test_packaging.py" in names


def test_import_is_light() -> None:
    code = (
        "import sys, formcheck; dir(formcheck); "
        "print(*sorted(m for m in sys.modules if '.' not in m))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], check=True, capture_output=True, text=True, cwd=ROOT
    )
    loaded = set(done.stdout.split())
    assert "formcheck" in loaded
    assert loaded & HEAVY == set()


def test_every_dependency_has_both_bounds_and_a_tested_version(project: dict[str, Any]) -> None:
    tested = dict(
        line.split("==")
        for line in (ROOT / "constraints.txt").read_text().splitlines()
        if line and not line.startswith("#")
    )
    extras = project["project"]["optional-dependencies"]
    wanted = [*project["project"]["dependencies"], *(r for e in extras.values() for r in e)]
    for requirement in wanted:
        if requirement.startswith("formcheck["):  # an extra made of others
            assert {*re.findall(r"\w+", requirement)} - {"formcheck"} <= {*extras}
            continue
        name, bounds = re.fullmatch(r"([\w-]+)(?:\[\w+\])?(.+)", requirement).groups()  # type: ignore[union-attr]
        assert name in tested
        assert re.fullmatch(r">=[\d.]+,<[\d.]+|==[\d.]+\.\*", bounds), requirement


def test_the_system_check_passes_here() -> None:
    done = subprocess.run(
        [sys.executable, str(ROOT / "tools" / "setup_system.py"), "--check"],
        check=False,
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
