"""Rendered exercise clips with exact ground truth."""
