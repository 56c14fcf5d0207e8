"""The report: its model, how it is built, written to files and shown in a terminal."""
