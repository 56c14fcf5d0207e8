from __future__ import annotations

import struct
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest

from formcheck.errors import ModelError
from formcheck.pose.blazepose.detector import Detector
from formcheck.pose.blazepose.landmarker import Landmarker
from formcheck.pose.blazepose.network import Network

INPUTS, OUTPUTS = 1, 2
"""Numbers of these fields in a TFLite subgraph."""


def field(content: bytearray, table: int, number: int) -> int:
    """Where a field of a FlatBuffers table lies."""
    (back,) = struct.unpack_from("<i", content, table)
    (offset,) = struct.unpack_from("<H", content, table - back + 4 + 2 * number)
    return table + int(offset)


def target(content: bytearray, at: int) -> int:
    return at + int(struct.unpack_from("<I", content, at)[0])


def with_outputs_as_inputs(content: bytes) -> bytes:
    """A network that wants what it should give."""
    changed = bytearray(content)
    model = target(changed, 0)
    subgraph = target(changed, target(changed, field(changed, model, 2)) + 4)
    at = field(changed, subgraph, INPUTS)
    outputs = target(changed, field(changed, subgraph, OUTPUTS))
    struct.pack_into("<I", changed, at, outputs - at)
    return bytes(changed)


def test_what_the_networks_look_at(networks: tuple[bytes, bytes]) -> None:
    assert [Network(content).side for content in networks] == [224, 256]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"not a network at all",
        b"\0\0\0\0TFL3" + bytes(200),
        b"\x1c\0\0\0TFL3" + bytes(range(256)) * 20,
    ],
    ids=["nothing", "text", "name", "noise"],
)
def test_something_else_is_refused_in_one_sentence(
    content: bytes, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(ModelError) as caught:
        Network(content)
    message = str(caught.value)
    assert message.startswith("A network of the pose bundle cannot be run: ")
    assert message.endswith(".")
    assert not message.endswith("..")
    assert "\n" not in message
    assert capfd.readouterr().err == ""


def test_half_a_network_is_refused(networks: tuple[bytes, bytes]) -> None:
    with pytest.raises(ModelError, match="cannot be run"):
        Network(networks[0][: len(networks[0]) // 2])


def test_a_network_of_something_else_than_a_picture_is_refused(
    networks: tuple[bytes, bytes],
) -> None:
    with pytest.raises(ModelError, match=r"expected one square picture, got \[\(1, "):
        Network(with_outputs_as_inputs(networks[0]))


def test_outputs_that_are_missing_or_of_another_shape(networks: tuple[bytes, bytes]) -> None:
    network = Network(networks[0])
    network.expect()
    network.expect(Identity=(1, 2254, 12))
    with pytest.raises(ModelError, match=r"output Identity of shape \(1, 12\), got \(1, 2254, 12"):
        network.expect(Identity_1=(1, 2254, 1), Identity=(1, 12))
    with pytest.raises(ModelError, match=r"output Other of shape \(1,\), got None\."):
        network.expect(Other=(1,))


def test_each_network_is_refused_where_the_other_belongs(networks: tuple[bytes, bytes]) -> None:
    with pytest.raises(ModelError, match=r"got \(1, 195\)\."):
        Detector(Network(networks[1]))
    with pytest.raises(ModelError, match=r"got \(1, 2254, 12\)\."):
        Landmarker(Network(networks[0]))


def test_results_stay_when_the_network_runs_again(networks: tuple[bytes, bytes]) -> None:
    network = Network(networks[0])
    first = network.run(np.zeros((224, 224, 3), np.float32))
    before = {name: values.copy() for name, values in first.items()}
    second = network.run(np.ones((224, 224, 3), np.float32))
    for name, values in first.items():
        np.testing.assert_array_equal(values, before[name])
        assert not np.array_equal(values, second[name])


def test_two_networks_in_two_threads_tell_what_one_tells(networks: tuple[bytes, bytes]) -> None:
    images = np.random.default_rng(1).uniform(0, 1, (6, 256, 256, 3)).astype(np.float32)
    alone = Network(networks[1])
    expected = [alone.run(image) for image in images]
    both = [Network(networks[1]) for _ in range(2)]
    with ThreadPoolExecutor(2) as pool:
        found = pool.map(lambda network: [network.run(image) for image in images], both)
        for results in found:
            for one, other in zip(results, expected, strict=True):
                assert one.keys() == other.keys()
                for name, values in one.items():
                    np.testing.assert_array_equal(values, other[name])
