"""Analyses as tables, markers and joint angles, in the formats of other tools."""
