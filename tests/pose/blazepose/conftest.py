from __future__ import annotations

import pytest

from formcheck.pose.blazepose.detector import Detector
from formcheck.pose.blazepose.landmarker import Landmarker
from formcheck.pose.blazepose.network import Network
from formcheck.pose.model import load_model


@pytest.fixture(scope="session")
def networks() -> tuple[bytes, bytes]:
    """The detection and the landmark network that come with formcheck."""
    return load_model().networks()


@pytest.fixture(scope="session")
def detector(networks: tuple[bytes, bytes]) -> Detector:
    return Detector(Network(networks[0]))


@pytest.fixture(scope="session")
def landmarker(networks: tuple[bytes, bytes]) -> Landmarker:
    return Landmarker(Network(networks[1]))
