"""The upper-back finding: what cues of one or several lifts say together."""

from formcheck.upper_back.clip import Footage, UpperBack, judge_clip, judge_lifter
from formcheck.upper_back.cues import Finding

__all__ = ["Finding", "Footage", "UpperBack", "judge_clip", "judge_lifter"]
