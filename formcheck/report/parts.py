"""What every part of a report is."""

from __future__ import annotations

from pydantic import BaseModel, ConfigDict


class Part(BaseModel):
    """Base of all parts: frozen, unknown fields refused when we build them."""

    model_config = ConfigDict(frozen=True, extra="forbid")
