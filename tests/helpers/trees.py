"""What a folder of results holds, for comparing two of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

OF_THE_RUN = ("started_at", "ended_at", "done_now", "workers")
"""What the manifest says of the last run, not of the results."""


def tree(root: Path) -> dict[str, bytes]:
    """Content of every file by its relative name, but for what depends on the run."""
    files = {f.relative_to(root).as_posix(): f.read_bytes() for f in root.rglob("*") if f.is_file()}
    manifest = json.loads(files["manifest.json"])
    files["manifest.json"] = json.dumps(
        {key: value for key, value in manifest.items() if key not in OF_THE_RUN}
    ).encode()
    return files
