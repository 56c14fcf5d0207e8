"""What formcheck is compared with: MediaPipe's landmarker over every picture of a clip.

    python -m benchmarks.speed_plain CLIP BUNDLE.task

The loop that one writes with the documentation at hand: OpenCV decodes, every picture
becomes RGB, and the landmarker follows the body in mode VIDEO. Nothing is analysed.
"""

from __future__ import annotations

import sys

import cv2
import mediapipe as mp
from mediapipe.tasks.python import vision


def main() -> None:
    """Go through the clip and print how many pictures it had and in how many a body was seen."""
    clip, bundle = sys.argv[1:]
    options = vision.PoseLandmarkerOptions(
        base_options=mp.tasks.BaseOptions(model_asset_path=bundle),
        running_mode=vision.RunningMode.VIDEO,
    )
    film = cv2.VideoCapture(clip)
    seen = frames = 0
    last_ms = -1
    with vision.PoseLandmarker.create_from_options(options) as landmarker:
        while True:
            there, picture = film.read()
            if not there:
                break
            last_ms = max(last_ms + 1, round(film.get(cv2.CAP_PROP_POS_MSEC)))
            rgb = cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)
            image = mp.Image(image_format=mp.ImageFormat.SRGB, data=rgb)
            seen += bool(landmarker.detect_for_video(image, last_ms).pose_landmarks)
            frames += 1
    print(frames, seen)


if __name__ == "__main__":
    main()
