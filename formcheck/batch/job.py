"""The work on one clip: from the file to its result folder. Runs in a worker."""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Self

from formcheck.analysis import UNKNOWN
from formcheck.batch.clips import folder_notes
from formcheck.batch.record import (
    RECORD_FILE,
    Record,
    is_whole,
    read_record,
    record_bytes,
    record_key,
    result_folder,
)
from formcheck.batch.summary import summary_rows
from formcheck.clip import analyze
from formcheck.edits import NO_EDITS
from formcheck.edits_file import EDITS_SUFFIX, edits_of
from formcheck.errors import (
    UNEXPECTED,
    UNKNOWN_EXERCISE,
    FormcheckError,
    MissingLibraryError,
    NobodyFoundError,
    OutputError,
    VideoError,
    in_full,
)
from formcheck.notes import NOTES_SUFFIX, Notes, note_of
from formcheck.pose.cache import (
    StoredTrackError,
    TrackCache,
    read_track,
    renamed,
    track_bytes,
    track_key,
)
from formcheck.report.build import build_report
from formcheck.report.files import (
    ANGLES_FILE,
    ANNOTATED_FILE,
    PAGE_FILE,
    REPORT_FILE,
    THUMBNAIL_FILE,
    angles_csv,
    report_json,
)
from formcheck.report.model import FilesPart
from formcheck.storage import StorageError
from formcheck.video import file_sha256
from formcheck.video.container import in_future
from formcheck.words.language import _, speaking

if TYPE_CHECKING:
    from collections.abc import Mapping

    from formcheck.batch.settings import RunSettings
    from formcheck.clip import ClipAnalysis
    from formcheck.edits import Edits
    from formcheck.pose.model import PoseModel
    from formcheck.pose.tracker import TrackedVideo, TrackSettings
    from formcheck.present.page.media import Image
    from formcheck.report.model import Report
    from formcheck.storage import FileFacts, Folder

TRACK_FILE = "track.npz"
RESULT_FILES = frozenset(
    {ANGLES_FILE, ANNOTATED_FILE, PAGE_FILE, REPORT_FILE, THUMBNAIL_FILE, TRACK_FILE}
)
"""Everything that may lie in a result folder beside the record."""


@dataclass(frozen=True)
class Read:
    """What was read of a clip, and beside it: hash, edits, notes on the clip and its folder."""

    sha256: str | None = None
    edits: bytes | None = None
    notes: tuple[bytes | None, bytes | None] = (None, None)

    @classmethod
    def of(cls, clip: Path, clips: Folder, name: str) -> Self:
        """Read it: the file itself is here, what is beside it where the clips lie."""
        beside = (name + EDITS_SUFFIX, name + NOTES_SUFFIX, folder_notes(name))
        edits, own, folder = (clips.read(one) for one in beside)
        return cls(file_sha256(clip), edits, (own, folder))

    @property
    def edits_sha256(self) -> str | None:
        """Hash of the edits, if there are any."""
        return None if self.edits is None else hashlib.sha256(self.edits).hexdigest()

    @property
    def notes_sha256(self) -> str | None:
        """Hash of the notes, if there are any."""
        if self.notes == (None, None):
            return None
        parts = [b"" if note is None else note for note in self.notes]
        return hashlib.sha256(b"\0".join(parts)).hexdigest()


UNREAD = Read()


@dataclass(frozen=True)
class Job:
    """One clip to be done.

    Attributes
    ----------
    clips, results
        Where it lies, and where all results go.
    file
        The clip, as it was found.
    settings
        What all clips of the run share.
    """

    clips: Folder
    results: Folder
    file: FileFacts
    settings: RunSettings

    @property
    def folder(self) -> Folder:
        """Where its files go."""
        return result_folder(self.results, self.file.name)

    def key(self, read: Read) -> str:
        """What decides whether it has to be done again, given what was read of it."""
        facts = self.settings.facts()
        return record_key(read.sha256, read.edits_sha256, read.notes_sha256, facts)


class ResultTracks:
    """The track beside the results; else one from the cache of this machine.

    Kept with the results, not only in the cache: that has a size limit, and the
    next run may be on another machine.
    """

    def __init__(self, folder: Folder, clip: str) -> None:
        self.folder = folder
        self.clip = Path(clip)
        self.packed: bytes | None = None

    def load(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings
    ) -> TrackedVideo | None:
        """The kept track, or None."""
        key = track_key(video_sha256, model_sha256, settings)
        try:
            stored = self.folder.read(TRACK_FILE)
            if stored is not None:
                tracked = read_track(stored, key)
                self.packed = stored
                return tracked
        except (StorageError, StoredTrackError):
            pass  # of an earlier content, or damaged: tracked again
        cached = TrackCache().load(video_sha256, model_sha256, settings)
        if cached is not None:
            self.packed = self._pack(cached, key)
        return cached

    def store(
        self, video_sha256: str, model_sha256: str, settings: TrackSettings, tracked: TrackedVideo
    ) -> None:
        """Keep a track at once: a crash in what follows does not cost the tracking."""
        self.packed = self._pack(tracked, track_key(video_sha256, model_sha256, settings))
        self.folder.write(TRACK_FILE, self.packed)

    def _pack(self, tracked: TrackedVideo, key: str) -> bytes:
        """With the clip's name in the run: its path is another one on each machine."""
        return track_bytes(renamed(tracked, self.clip), key)


def work(job: Job, /) -> Record:
    """Analyse a clip and write its result folder, or its failure.

    The record is taken away first and written last, so that a result folder
    with a record is complete at any moment.

    Raises
    ------
    OutputError
        If the results cannot be written: then no other clip's can.
    MissingLibraryError
        If a library does not load: then no clip can be tracked.
    WorkerError
        If this worker has another model or version than the run expects.
    """
    with speaking(job.settings.language):
        return _worked(job)


def _worked(job: Job) -> Record:
    model = _model(job.settings)
    read = UNREAD
    try:
        with job.clips.fetched(job.file.name) as clip:
            read = Read.of(clip, job.clips, job.file.name)
            earlier = read_record(job.folder)
            if earlier is not None and _still_good(job, earlier, read):
                return _touched(job, earlier)
            return _done(job, clip, read, model)
    except (OutputError, MissingLibraryError):
        raise
    except FormcheckError as error:
        failed = failure(
            job, str(error), error.exit_code, read=read, final=_is_final(error, job, read)
        )
    except Exception as error:  # noqa: BLE001 - a clip that trips us up must not stop the rest
        failed = failure(job, f"formcheck failed ({in_full(error)}).", UNEXPECTED, read=read)
    write_failure(job, failed)
    return failed


@lru_cache(maxsize=2)
def _model(settings: RunSettings) -> PoseModel:
    """Checked and hashed once per worker."""
    return settings.checked_model()


def _is_final(error: FormcheckError, job: Job, read: Read) -> bool:
    """Whether it lies in the clip's content, and not in reaching it."""
    was_read = read.sha256 is not None or job.file.size == 0
    return was_read and isinstance(error, VideoError | NobodyFoundError)


def _still_good(job: Job, earlier: Record, read: Read) -> bool:
    same = earlier.final and earlier.key == job.key(read)
    return same and is_whole(job.folder, earlier)


def _touched(job: Job, earlier: Record) -> Record:
    """The file was touched or copied anew, its content is the same."""
    record = earlier.model_copy(update={"stamp": job.file.stamp})
    job.folder.write(RECORD_FILE, record_bytes(record))
    return record


def _done(job: Job, clip: Path, read: Read, model: PoseModel) -> Record:
    settings, tracks = job.settings, ResultTracks(job.folder, job.file.name)
    notes = _notes(job, read)
    analysed = analyze(
        clip,
        exercise=settings.exercise,
        lifter=settings.lifter,
        edits=_edits(job, read),
        book=settings.rules,
        settings=settings.track,
        model=model,
        cache=tracks,
    )
    contents = {TRACK_FILE: tracks.packed or b""}
    report = _report(job, analysed, contents, notes)
    moment, source = _recorded(report, job.file)
    known = report.exercise.id != UNKNOWN
    record = Record(
        clip=job.file.name,
        stamp=job.file.stamp,
        sha256=read.sha256,
        edits_sha256=read.edits_sha256,
        notes_sha256=read.notes_sha256,
        key=job.key(read),
        status="done",
        exit_code=0 if known else UNKNOWN_EXERCISE,
        reason=None if known else _("Exercise not recognised."),
        final=True,
        recorded_at=moment,
        date_source=source,
        frames=report.tracking.frames_sampled,
        files={name: len(content) for name, content in sorted(contents.items())},
        rows=summary_rows(report),
    )
    _write(job, contents, record)
    return record


def _edits(job: Job, read: Read) -> Edits:
    """What was set by hand in the clip."""
    if read.edits is None:
        return NO_EDITS
    return edits_of(read.edits, job.file.name + EDITS_SUFFIX, job.settings.rules.names())


def _notes(job: Job, read: Read) -> Notes:
    """What the coach noted."""
    own, folder = read.notes
    name = job.file.name
    return Notes(note_of(own, name + NOTES_SUFFIX), note_of(folder, folder_notes(name)))


def _report(job: Job, clip: ClipAnalysis, contents: dict[str, bytes], notes: Notes) -> Report:
    """The report of a clip; its files are added to the contents."""
    settings = job.settings
    annotated = _annotated(clip, contents) if settings.annotate else None
    files = FilesPart(
        angles_csv=ANGLES_FILE,
        html=PAGE_FILE if settings.html else None,
        annotated_video=annotated,
        pose=TRACK_FILE,
    )
    report = build_report(clip, files, notes)
    address = job.clips.shown_at(job.file.name)
    report = report.model_copy(update={"video": report.video.model_copy(update={"path": address})})
    pictures = _pictures(clip, report, contents)
    if settings.html:
        contents[PAGE_FILE] = _page(job, report, clip, pictures).encode()
    contents[ANGLES_FILE] = angles_csv(clip.analysis.motion).encode()
    contents[REPORT_FILE] = report_json(report).encode()
    return report


def _annotated(clip: ClipAnalysis, contents: dict[str, bytes]) -> str:
    from formcheck.present.video.video import write_annotated  # noqa: PLC0415

    with tempfile.TemporaryDirectory(prefix="formcheck-") as aside:
        file = Path(aside) / ANNOTATED_FILE
        write_annotated(clip, file)
        contents[ANNOTATED_FILE] = file.read_bytes()
    return ANNOTATED_FILE


def _pictures(clip: ClipAnalysis, report: Report, contents: dict[str, bytes]) -> dict[float, Image]:
    """Stills for the page; one of them, small, is the thumbnail. Reads the clip once."""
    from formcheck.present.page.cards import moments  # noqa: PLC0415
    from formcheck.present.page.media import middle_s, stills, thumbnail  # noqa: PLC0415

    track = clip.analysis.motion.track
    turns = (rep.turn_s for rep in report.reps)
    faults = moments(report)
    shown = faults[0] if faults else next(turns, middle_s(track))
    pictures = stills(clip, [shown, *(faults if report.files.html else ())])
    if shown in pictures:
        contents[THUMBNAIL_FILE] = thumbnail(pictures[shown], track, shown)
    return pictures


def _page(job: Job, report: Report, clip: ClipAnalysis, pictures: Mapping[float, Image]) -> str:
    from formcheck.present.page.media import find_player  # noqa: PLC0415
    from formcheck.present.page.render import report_page  # noqa: PLC0415

    clips, results = job.clips.local, job.folder.local
    player = None
    if clips is not None and results is not None:
        player = find_player(report, clips / job.file.name, results, embed=False)
    return report_page(report, clip, player=player, pictures=pictures)


def _recorded(
    report: Report, file: FileFacts
) -> tuple[str | None, Literal["container", "file"] | None]:
    """When the clip was recorded, and where that is known from."""
    if report.video.recorded_at is not None:
        return report.video.recorded_at, "container"
    if file.modified is None:
        return None, None
    changed = datetime.fromtimestamp(int(file.modified), UTC)
    if in_future(changed):
        return None, None
    return changed.isoformat(timespec="seconds"), "file"


def _write(job: Job, contents: dict[str, bytes], record: Record, *, keep: str = "") -> None:
    """Replace what is in the result folder, all but one file to keep.

    An earlier run may have been killed here: what lies there need not be in any record.
    """
    job.folder.remove(RECORD_FILE)
    for name in sorted(RESULT_FILES - {*contents, keep}):
        job.folder.remove(name)
    for name, content in sorted(contents.items()):
        job.folder.write(name, content)
    job.folder.write(RECORD_FILE, record_bytes(record))


def write_failure(job: Job, record: Record, /) -> None:
    """Write the record of a clip that could not be done, in place of earlier results.

    Raises
    ------
    OutputError
        If it cannot be written.
    """
    _write(job, {}, record, keep="" if record.final else TRACK_FILE)


def failure(
    job: Job, reason: str, exit_code: int, /, *, read: Read = UNREAD, final: bool = False
) -> Record:
    """The record of a clip that could not be done."""
    return Record(
        clip=job.file.name,
        stamp=job.file.stamp,
        sha256=read.sha256,
        edits_sha256=read.edits_sha256,
        notes_sha256=read.notes_sha256,
        key=job.key(read),
        status="failed",
        exit_code=exit_code,
        reason=reason,
        final=final,
        recorded_at=None,
        date_source=None,
        frames=0,
        files={},
        rows=[],
    )
