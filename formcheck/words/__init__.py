"""Sentences and numbers as a reader sees them, the same wherever they are shown."""
