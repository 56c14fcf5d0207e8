"""The upper-back finding: what cues of one or several lifts say together."""

from formcheck.upper_back.finding import DISCLAIMER, Finding, UpperBack, judge_upper_back

__all__ = ["DISCLAIMER", "Finding", "UpperBack", "judge_upper_back"]
