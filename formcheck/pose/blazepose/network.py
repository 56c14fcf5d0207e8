"""One network in LiteRT: arrays in, arrays out."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import numpy as np

from formcheck.errors import MissingLibraryError, ModelError
from formcheck.pose.engine import quiet_stderr

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Array = NDArray[np.float32]


def import_litert() -> Any:
    """LiteRT's interpreter class.

    Raises
    ------
    MissingLibraryError
        If it, or a library it loads, is not installed.
    """
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
    try:
        from ai_edge_litert.interpreter import Interpreter  # noqa: PLC0415 - only who tracks
    except ImportError as error:
        raise MissingLibraryError(f"LiteRT (ai-edge-litert) cannot be loaded: {error}.") from error
    return Interpreter


class Network:
    """A TFLite network on one thread.

    Parameters
    ----------
    content
        The network's file.

    Attributes
    ----------
    side
        Pixels on a side of the picture that it looks at.

    Notes
    -----
    Not safe to be called from two threads at once. Two networks in two threads run at
    the same time, for a call lets go of Python's lock; a second thread inside one call
    gains nothing on two busy cores.

    Raises
    ------
    ModelError
        If it is not a network of one picture that can be run.
    """

    def __init__(self, content: bytes) -> None:
        interpreter = import_litert()
        with quiet_stderr():  # it tells of its delegate
            try:
                self._interpreter = interpreter(model_content=content, num_threads=1)
                self._interpreter.allocate_tensors()
            except (ValueError, RuntimeError) as error:
                reason = str(error).rstrip(".")
                raise ModelError(
                    f"A network of the pose bundle cannot be run: {reason}."
                ) from error
        inputs = self._interpreter.get_input_details()
        shapes = [tuple(int(size) for size in part["shape"]) for part in inputs]
        self.side = shapes[0][1] if shapes and len(shapes[0]) == 4 else 0
        if shapes != [(1, self.side, self.side, 3)] or inputs[0]["dtype"] is not np.float32:
            raise ModelError(
                f"A network of the pose bundle: expected one square picture, got {shapes}."
            )
        self._input = inputs[0]["index"]
        self._outputs = {
            part["name"]: (part["index"], tuple(int(size) for size in part["shape"]))
            for part in self._interpreter.get_output_details()
        }

    def expect(self, **shapes: tuple[int, ...]) -> None:
        """Refuse a network that has not these outputs.

        Raises
        ------
        ModelError
            If one is missing or has another shape.
        """
        found = {name: shape for name, (_, shape) in self._outputs.items()}
        for name, shape in shapes.items():
            if found.get(name) != shape:
                raise ModelError(
                    f"A network of the pose bundle: expected output {name} of shape {shape}, "
                    f"got {found.get(name)}."
                )

    def run(self, image: Array, /) -> dict[str, Array]:
        """Outputs by name.

        Parameters
        ----------
        image
            Shape (side, side, 3), float32.
        """
        self._interpreter.set_tensor(self._input, image[None])
        self._interpreter.invoke()
        return {
            name: np.asarray(self._interpreter.get_tensor(index))
            for name, (index, _) in self._outputs.items()
        }
