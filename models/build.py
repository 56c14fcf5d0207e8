"""Build the pose bundle that formcheck ships, byte for byte, from a pinned public wheel.

    python models/build.py [--wheel PATH] [--check]

MediaPipe 1.x carries no model. The last wheel that carried the two networks of
its pose solution is fetched from the package index (or given with ``--wheel``),
both networks are checked against known hashes, and three things are done:

1. the landmark network gets the input description (RGB, pixel / 255) that the
   Tasks API asks for;
2. the operators that only feed the segmentation mask are removed. formcheck
   never asks for a mask, and tracking is 1.2 to 1.5 times as fast without
   it, with bit-identical landmarks (``tests/pose/test_model.py``);
3. both are stored uncompressed in one ``.task`` archive with fixed dates.

``--check`` builds in memory and compares with the committed bundle.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import struct
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

HERE = Path(__file__).resolve().parent
BUNDLE = HERE / "pose_full.task"

WHEEL = "mediapipe==0.10.21"
DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS = "mediapipe/modules/pose_landmark/pose_landmark_full.tflite"
SHA256 = {
    DETECTOR: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    LANDMARKS: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
}
MASK, HEATMAP = b"Identity_2", b"Identity_3"
MODEL_IDENTIFIER, METADATA_IDENTIFIER = b"TFL3", b"M001"
MASK_OPERATORS = 46
ALIGNMENT = 16
LOCAL_HEADER = 30
EXTRA_HEADER = struct.Struct("<HH")
PADDING_FIELD = 0xD935
"""Kind of an archive member's extra field that readers know as alignment padding."""
ZIP_DATE = (1980, 1, 1, 0, 0, 0)


def fetch_wheel(folder: Path) -> Path:
    """Download the pinned wheel without its dependencies."""
    subprocess.run(
        [
            *(sys.executable, "-m", "pip", "download", "--quiet", "--no-deps"),
            *("--python-version", "3.11", "--platform", "manylinux_2_28_x86_64"),
            *("--only-binary=:all:", "--dest", str(folder), WHEEL),
        ],
        check=True,
    )
    return next(folder.glob("mediapipe-*.whl"))


def read_networks(wheel: Path) -> dict[str, bytes]:
    """Both networks of the wheel, refused when their hash is not the known one."""
    networks = {}
    with zipfile.ZipFile(wheel) as archive:
        for name, expected in SHA256.items():
            data = archive.read(name)
            got = hashlib.sha256(data).hexdigest()
            if got != expected:
                raise SystemExit(f"{name}: expected sha256 {expected}, got {got}")
            networks[name] = data
    return networks


def input_metadata() -> bytes:
    """TFLITE_METADATA of one RGB image input with values 0..1."""
    options = metadata_schema.NormalizationOptionsT()
    options.mean, options.std = [0.0], [255.0]
    unit = metadata_schema.ProcessUnitT()
    unit.optionsType = metadata_schema.ProcessUnitOptions.NormalizationOptions
    unit.options = options
    image = metadata_schema.ImagePropertiesT()
    image.colorSpace = metadata_schema.ColorSpaceType.RGB
    content = metadata_schema.ContentT()
    content.contentPropertiesType = metadata_schema.ContentProperties.ImageProperties
    content.contentProperties = image
    stats = metadata_schema.StatsT()
    stats.min, stats.max = [0.0], [1.0]
    tensor = metadata_schema.TensorMetadataT()
    tensor.name, tensor.content = "image", content
    tensor.processUnits, tensor.stats = [unit], stats
    graph = metadata_schema.SubGraphMetadataT()
    graph.inputTensorMetadata = [tensor]
    model = metadata_schema.ModelMetadataT()
    model.name, model.subgraphMetadata = "pose landmarks", [graph]
    builder = flatbuffers.Builder(0)
    builder.Finish(model.Pack(builder), METADATA_IDENTIFIER)
    return bytes(builder.Output())


def drop_mask(graph: Any) -> int:
    """Remove the operators only the mask needs; the heat map stands in for it.

    The Tasks graph asks for five outputs, so the mask output stays but names
    the heat-map tensor. Returns the number of operators removed.
    """
    names = {graph.tensors[i].name: i for i in graph.outputs}
    graph.outputs = [names[HEATMAP] if i == names[MASK] else i for i in graph.outputs]
    needed = set(map(int, graph.outputs))
    kept = []
    for operator in reversed(graph.operators):
        if needed.intersection(map(int, operator.outputs)):
            needed.update(int(i) for i in operator.inputs if i >= 0)
            kept.append(operator)
    removed = len(graph.operators) - len(kept)
    graph.operators = kept[::-1]
    return removed


def drop_unused_weights(model: Any) -> None:
    """Empty the weight buffers that no remaining operator reads."""
    graph = model.subgraphs[0]
    used = {int(i) for operator in graph.operators for i in (*operator.inputs, *operator.outputs)}
    keep = {graph.tensors[i].buffer for i in used if i >= 0}
    keep |= {entry.buffer for entry in model.metadata or []}
    for tensor in graph.tensors:
        if tensor.buffer not in keep:
            model.buffers[tensor.buffer].data = None


class AlignedBuilder(flatbuffers.Builder):  # type: ignore[misc]  # flatbuffers is untyped
    """Puts weights on 16-byte boundaries, as the TFLite schema asks.

    The generated Python code forgets that, and the runtime then copies each
    weight on loading and warns about it.
    """

    def StartVector(self, elemSize: int, numElems: int, alignment: int) -> int:  # noqa: N802, N803
        """Begin a vector, with bytes aligned more strictly than asked."""
        if elemSize == 1:
            alignment = max(alignment, ALIGNMENT)
        return int(super().StartVector(elemSize, numElems, alignment))


def prepare_landmarks(data: bytes, *, keep_mask: bool = False) -> bytes:
    """The landmark network with an input description and, normally, without its mask."""
    root = model_schema.Model.GetRootAsModel(bytearray(data), 0)
    model = model_schema.ModelT.InitFromObj(root)
    if not keep_mask:
        removed = drop_mask(model.subgraphs[0])
        if removed != MASK_OPERATORS:
            raise SystemExit(f"expected {MASK_OPERATORS} operators to remove, got {removed}")
    buffer = model_schema.BufferT()
    buffer.data = input_metadata()
    model.buffers.append(buffer)
    entry = model_schema.MetadataT()
    entry.name, entry.buffer = "TFLITE_METADATA", len(model.buffers) - 1
    model.metadata.append(entry)
    drop_unused_weights(model)
    builder = AlignedBuilder(len(data))
    builder.Finish(model.Pack(builder), MODEL_IDENTIFIER)
    return bytes(builder.Output())


def bundle(members: dict[str, bytes]) -> bytes:
    """An uncompressed archive with fixed dates, so that equal inputs give equal bytes.

    Members start on aligned offsets, for the runtime maps them where they are.
    """
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            entry = zipfile.ZipInfo(name, ZIP_DATE)
            start = out.tell() + LOCAL_HEADER + len(name) + EXTRA_HEADER.size
            padding = -start % ALIGNMENT
            entry.extra = EXTRA_HEADER.pack(PADDING_FIELD, padding) + bytes(padding)
            archive.writestr(entry, data)
    return out.getvalue()


def build(wheel: Path) -> bytes:
    """The whole bundle as bytes."""
    networks = read_networks(wheel)
    return bundle(
        {
            "pose_detector.tflite": networks[DETECTOR],
            "pose_landmarks_detector.tflite": prepare_landmarks(networks[LANDMARKS]),
        }
    )


def main() -> None:
    """Build or check the bundle."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--wheel", type=Path, help=f"a local copy of the {WHEEL} wheel")
    parser.add_argument("--check", action="store_true", help="compare with the committed bundle")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        data = build(options.wheel or fetch_wheel(Path(folder)))
    digest = hashlib.sha256(data).hexdigest()
    if options.check:
        if data != BUNDLE.read_bytes():
            raise SystemExit(f"{BUNDLE.name} differs from what this script builds ({digest})")
        print(f"{BUNDLE.name} is what this script builds: sha256 {digest}")
        return
    BUNDLE.write_bytes(data)
    print(f"wrote {BUNDLE.name}: {len(data)} bytes, sha256 {digest}")


if __name__ == "__main__":
    main()
