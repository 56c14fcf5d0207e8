"""Build the pose bundles that formcheck ships, byte for byte, from pinned public packages.

    python models/build.py [lite|full|heavy] [--wheel PATH] [--npm PATH] [--check]

MediaPipe's packages for Python no longer carry the networks of its pose solution.
The last wheel that did has the network that finds a person; the npm package of
the same solution has the three that place the landmarks. Both packages are
fetched (or given with ``--wheel`` and ``--npm``), every network is checked
against its known hash, and three things are done:

1. the landmark network gets the input description (RGB, pixel / 255) that the
   Tasks API asks for;
2. the operators that only feed the segmentation mask are removed. formcheck
   never asks for a mask, and without it the landmarks are bit-identical
   (``tests/pose/test_model.py``) and come sooner (``README.md`` here);
3. both are stored uncompressed in one ``.task`` archive with fixed dates.

``--check`` builds in memory and compares with the committed bundles.
"""

from __future__ import annotations

import argparse
import hashlib
import io
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import flatbuffers
from mediapipe.tasks.metadata import metadata_schema_py_generated as metadata_schema
from mediapipe.tasks.metadata import schema_py_generated as model_schema

HERE = Path(__file__).resolve().parent

WHEEL = "mediapipe==0.10.21"
NPM = "@mediapipe/pose@0.5.1675469404"
DETECTOR = "mediapipe/modules/pose_detection/pose_detection.tflite"
LANDMARKS = {name: f"package/pose_landmark_{name}.tflite" for name in ("lite", "full", "heavy")}
SHA256 = {
    DETECTOR: "9ba9dd3d42efaaba86b4ff0122b06f29c4122e756b329d89dca1e297fd8f866c",
    LANDMARKS["lite"]: "f17bfbecadb61c3be1baa8b8d851cc6619c870a87167b32848ad20db306b9d61",
    LANDMARKS["full"]: "e9a5c5cb17f736fafd4c2ec1da3b3d331d6edbe8a0d32395855aeb2cdfd64b9f",
    LANDMARKS["heavy"]: "59e42d71bcd44cbdbabc419f0ff76686595fd265419566bd4009ef703ea8e1fe",
}
MASK_OPERATORS = {"lite": 47, "full": 46, "heavy": 46}
"""How many operators only the mask needs; another number means another network."""
MASK, HEATMAP = b"Identity_2", b"Identity_3"
MODEL_IDENTIFIER, METADATA_IDENTIFIER = b"TFL3", b"M001"
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


def fetch_npm(folder: Path) -> Path:
    """Download the pinned npm package, running none of its scripts."""
    subprocess.run(
        [
            "npm",
            "pack",
            "--loglevel=error",
            "--ignore-scripts",
            "--pack-destination",
            str(folder),
            NPM,
        ],
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return next(folder.glob("mediapipe-pose-*.tgz"))


def checked(name: str, data: bytes) -> bytes:
    """A network, refused when its hash is not the known one."""
    got = hashlib.sha256(data).hexdigest()
    if got != SHA256[name]:
        raise SystemExit(f"{name}: expected sha256 {SHA256[name]}, got {got}")
    return data


def read_detector(wheel: Path) -> bytes:
    """The network of the wheel that finds a person."""
    with zipfile.ZipFile(wheel) as archive:
        return checked(DETECTOR, archive.read(DETECTOR))


def read_landmarks(npm: Path, name: str) -> bytes:
    """One of the networks of the npm package that place the landmarks."""
    member = LANDMARKS[name]
    with tarfile.open(npm) as archive:
        file = archive.extractfile(member)
        if file is None:
            raise SystemExit(f"{member}: expected a file, got something else")
        return checked(member, file.read())


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


def prepare_landmarks(name: str, data: bytes, *, keep_mask: bool = False) -> bytes:
    """The landmark network with an input description and, normally, without its mask."""
    root = model_schema.Model.GetRootAsModel(bytearray(data), 0)
    model = model_schema.ModelT.InitFromObj(root)
    if not keep_mask:
        expected, removed = MASK_OPERATORS[name], drop_mask(model.subgraphs[0])
        if removed != expected:
            raise SystemExit(f"{name}: expected {expected} operators to remove, got {removed}")
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


def bundle_path(name: str) -> Path:
    """Where the bundle with a landmark network is committed."""
    return HERE / f"pose_{name}.task"


def build(name: str, *, wheel: Path, npm: Path, keep_mask: bool = False) -> bytes:
    """A whole bundle as bytes."""
    landmarks = prepare_landmarks(name, read_landmarks(npm, name), keep_mask=keep_mask)
    return bundle(
        {
            "pose_detector.tflite": read_detector(wheel),
            "pose_landmarks_detector.tflite": landmarks,
        }
    )


def check(path: Path, data: bytes) -> bool:
    """Say whether a committed bundle is what was built."""
    digest = hashlib.sha256(data).hexdigest()
    same = path.is_file() and path.read_bytes() == data
    said = "is what this script builds:" if same else "differs from what this script builds:"
    print(path.name, said, "sha256", digest)
    return same


def write(path: Path, data: bytes) -> None:
    """Replace a committed bundle."""
    path.write_bytes(data)
    print(f"wrote {path.name}: {len(data)} bytes, sha256 {hashlib.sha256(data).hexdigest()}")


def main() -> None:
    """Build or check the bundles."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", nargs="?", choices=LANDMARKS, help="only this one; else all")
    parser.add_argument("--wheel", type=Path, help=f"a local copy of the {WHEEL} wheel")
    parser.add_argument("--npm", type=Path, help=f"a local copy of the npm package {NPM} (.tgz)")
    parser.add_argument("--check", action="store_true", help="compare with the committed bundles")
    options = parser.parse_args()
    same = True
    with tempfile.TemporaryDirectory() as folder:
        wheel = options.wheel or fetch_wheel(Path(folder))
        npm = options.npm or fetch_npm(Path(folder))
        for name in [options.name] if options.name else LANDMARKS:
            data = build(name, wheel=wheel, npm=npm)
            if options.check:
                same &= check(bundle_path(name), data)
            else:
                write(bundle_path(name), data)
    if not same:
        sys.exit(1)


if __name__ == "__main__":
    main()
