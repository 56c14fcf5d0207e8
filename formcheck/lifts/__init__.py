"""The lifts: one file for each, with how it is recognised, counted and judged."""
