"""Figures for papers: vector text, units on every axis, the same bytes every time.

matplotlib is imported when a figure is drawn, not before.
"""

from formcheck.plot.clip import plot_clip, plot_reps
from formcheck.plot.comparison import plot_comparison
from formcheck.plot.image import SUFFIXES, Kind, draw, kind_of

__all__ = ["SUFFIXES", "Kind", "draw", "kind_of", "plot_clip", "plot_comparison", "plot_reps"]
