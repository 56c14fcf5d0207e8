"""The result of an analysis as data: built, written, read back."""
