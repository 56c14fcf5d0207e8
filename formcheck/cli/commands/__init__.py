"""Commands and their options; what they do is imported when they run.

Typer needs the annotations here as they are, not as text, so these modules go without
``from __future__ import annotations``: reading the text again would slow the start down.
"""
