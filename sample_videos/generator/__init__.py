"""Renders exercise clips of a procedural figure and writes their exact ground truth.

World axes everywhere: X to the lifter's left, Y up, Z to the lifter's front; metres.
Angles are degrees. Reading the truth (`sample_videos.generator.truth`) needs numpy only;
rendering needs the extra ``formcheck[samples]``.
"""
