#!/usr/bin/env bash
# MediaPipe 0.10.31: mp.Image takes a NumPy view whose rows are padded, ignores the
# padding and shears the picture. No error, no warning.
#
# A cropped or padded picture is such a view: a decoder pads rows, a slice leaves the
# old row length. One would expect the picture that NumPy shows, or a refusal.
# Seen: the first row is right, every later one is shifted by the padding.
# numpy.ascontiguousarray before the call helps.
set -euo pipefail
place=$(mktemp -d)
trap 'rm -rf "$place"' EXIT
python3 -m venv "$place/env"
"$place/env/bin/pip" install --quiet mediapipe==0.10.31 numpy==2.4.6
"$place/env/bin/python" - <<'END'
import sys

import mediapipe as mp
import numpy as np

whole = np.zeros((4, 16, 3), np.uint8)
whole[:, :8] = np.arange(1, 5, dtype=np.uint8)[:, None, None] * 10  # row number times 10
whole[:, 8:] = 255  # padding
view = whole[:, :8]
seen = mp.Image(image_format=mp.ImageFormat.SRGB, data=view).numpy_view()
copied = mp.Image(
    image_format=mp.ImageFormat.SRGB, data=np.ascontiguousarray(view)
).numpy_view()
print("given, first column:", view[:, 0, 0].tolist())
print("seen, first column: ", seen[:, 0, 0].tolist())
print("after ascontiguousarray:", copied[:, 0, 0].tolist())
assert copied[:, 0, 0].tolist() == [10, 20, 30, 40]
if np.array_equal(seen, view):
    sys.exit("changed: rows are read where they are now")
END
echo "still so: padded rows are sheared"
