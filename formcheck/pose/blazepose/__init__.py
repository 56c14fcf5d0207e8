"""MediaPipe's BlazePose networks, run by formcheck itself.

    picture -> detector -> region -> crop -> landmark network -> refinement
            -> projection -> (next region) -> smoothing

Each step is a module that can be used alone. The way the networks are fed and read
follows MediaPipe's published graphs (Bazarevsky et al. 2020, BlazePose, and the graphs
of mediapipe 0.10.21, Apache-2.0), checked number by number against what MediaPipe gives
(``tests/pose/blazepose``).
"""
