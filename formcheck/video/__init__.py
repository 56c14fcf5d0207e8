"""Reading video files: the only place that decodes pictures."""

from formcheck.video.reader import Frame, VideoInfo, VideoReader, file_sha256

__all__ = ["Frame", "VideoInfo", "VideoReader", "file_sha256"]
