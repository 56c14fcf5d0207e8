"""Figures for papers: vector text, units on every axis, the same bytes every time.

matplotlib is imported when a figure is drawn, not before.
"""

from formcheck.present.figure.clip import plot_clip, plot_reps
from formcheck.present.figure.comparison import plot_comparison
from formcheck.present.figure.image import SUFFIXES, Kind, draw, kind_of

__all__ = ["SUFFIXES", "Kind", "draw", "kind_of", "plot_clip", "plot_comparison", "plot_reps"]
