"""Reading video files: the only place that decodes pictures."""

from formcheck.video.container import changed, file_sha256
from formcheck.video.info import VideoInfo
from formcheck.video.reader import Frame, VideoReader

__all__ = ["Frame", "VideoInfo", "VideoReader", "changed", "file_sha256"]
