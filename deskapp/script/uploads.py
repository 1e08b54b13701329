"""Files that come from the page: in pieces, in bounds, small ones kept in memory and others on disk.

A page sends a file as a row of reports to one id, each answered:

    ["begin", place, {filename, size, mime_type, last_modified}]  → {"file": number}
    ["piece", number, offset, bytes]                              → {"size": what has come}
    ["end", number]                                               → {"size": …}
    ["cancel", number]                                            → {}

or ``{"fault": text}``, after which the file is gone. A *place* is a field that takes files. The name that the page
gives a file is a name to show; on disk it has a number.
"""

from __future__ import annotations

import contextlib
import io
import logging
import tempfile
import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

from deskapp.bridge.limits import MIB
from deskapp.script.rules import Rule, find_fault

if TYPE_CHECKING:
    from deskapp.script.page import ScriptPage

logger = logging.getLogger("deskapp.script")

MEMORY_BYTES = MIB
"""Files up to this size are kept in memory until somebody asks for their path."""

ALL_MEMORY_BYTES = 32 * MIB
"""Files of one page take no more memory than this together; what comes then goes to disk."""

PIECE_BYTES = 2 * MIB
"""No piece of a file is larger."""

MAX_WAITING = 8
"""So many pieces of a page may wait for the disk; pages send four at once."""

MAX_FILES = 1000
"""So many files a field takes."""

_KEYS = ("filename", "content", "mime_type", "last_modified")


class UploadedFile(Mapping[str, Any]):
    """A file that the user chose: a mapping with ``filename``, ``content``, ``mime_type`` and ``last_modified``.

    The content is read when it is asked for. A file from the page lives as long as the program of that page.

    Args:
        facts: What is known of it: ``filename``, ``size``, ``mime_type``, ``last_modified`` in seconds since 1970.
        content: What is in it, if it is in memory.
        path: Where it is, if it is on disk.
        place: Gives it a path when it has none.

    Attributes:
        size_bytes: How large it is.
    """

    def __init__(
        self,
        facts: Mapping[str, Any],
        *,
        content: bytes | None = None,
        path: Path | None = None,
        place: Callable[[bytes], Path] | None = None,
    ) -> None:
        self._facts = dict(facts)
        self._content = content
        self._path = path
        self._place = place
        self._lock = threading.Lock()
        self.size_bytes: int = self._facts["size"]

    def __repr__(self) -> str:
        return f"<UploadedFile {self['filename']!r}, {self.size_bytes} bytes>"

    def __getitem__(self, key: str) -> Any:
        if key not in _KEYS:
            raise KeyError(key)
        return self._read() if key == "content" else self._facts[key]

    def __iter__(self) -> Iterator[str]:
        return iter(_KEYS)

    def __len__(self) -> int:
        return len(_KEYS)

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        return self is other

    @property
    def path(self) -> Path:
        """Where it is on disk; its name there says nothing."""
        with self._lock:
            if self._path is None:
                assert self._place is not None
                assert self._content is not None
                self._path, self._content = self._place(self._content), None
            return self._path

    def open(self) -> BinaryIO:
        """Open it for reading."""
        content = self._content
        return io.BytesIO(content) if content is not None else self.path.open("rb")

    def _read(self) -> bytes:
        content = self._content
        return content if content is not None else self.path.read_bytes()


class _Place:
    """A field that takes files."""

    def __init__(self, rules: list[Rule]) -> None:
        self.rules = rules
        self.files: set[int] = set()


class _Arriving:
    """A file on its way."""

    def __init__(self, place: int, facts: Mapping[str, Any], is_small: bool) -> None:
        self.place = place
        self.facts = dict(facts)
        self.is_small = is_small
        self.came = 0
        self.memory: bytearray | None = bytearray() if is_small else None
        self.path: Path | None = None
        self.stream: BinaryIO | None = None
        self.file: UploadedFile | None = None
        self.is_given = False  # the program has it, so it stays as long as the run


class Uploads:
    """The files of one page, and the folder that those on disk are in; all of it goes with the page's run.

    Args:
        page: The page.
    """

    def __init__(self, page: ScriptPage) -> None:
        self._run = page.run
        self._lock = threading.Lock()
        self._places: dict[int, _Place] = {}
        self._files: dict[int, _Arriving] = {}
        self._given = 0
        self._waiting = 0
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._writer: ThreadPoolExecutor | None = None
        self._is_closed = False
        self.id = page.run.listen(self._hear)
        page.run.finished.add_done_callback(lambda _: self._close())

    # -- for fields ----------------------------------------------------------------------------------------------------

    def open_place(self, rules: list[Rule]) -> int:
        """Let a field take files.

        Args:
            rules: Of the field; those about sizes and types are kept while files arrive.

        Returns:
            Its number.
        """
        with self._lock:
            self._given += 1
            self._places[self._given] = _Place(rules)
            return self._given

    def close_place(self, place: int, keep: list[UploadedFile]) -> None:
        """Let a field take no more files; those that it did not keep are deleted."""
        with self._lock:
            found = self._places.pop(place, None)
        for number in found.files if found is not None else ():
            if not any(self._files[number].file is each for each in keep):
                self._drop(number, is_unused=True)

    def files(self, place: int, numbers: list[int]) -> list[UploadedFile]:
        """The files that a field has now, by the numbers that the page says; others of it are deleted.

        Raises:
            ValueError: The field has no such file, or it is not there whole.
        """
        found = []
        with self._lock:
            known = set(self._places[place].files) if place in self._places else set()
        for number in numbers:
            file = self._files[number].file if number in known else None
            if file is None:
                raise ValueError(f"there is no file {number!r}")
            self._files[number].is_given = True
            found.append(file)
        return found

    # -- from the page -------------------------------------------------------------------------------------------------

    def _hear(self, data: Any, answer: Callable[[object], None]) -> None:
        verb, number, *rest = data
        if not isinstance(number, int):
            raise ValueError(f"a file has a number, not {number!r}")
        if verb == "begin":
            answer(self._begin(number, *rest))
        elif verb == "piece" and number in self._files:
            self._piece(number, self._files[number], *rest, answer=answer)
        elif verb == "end" and number in self._files:
            self._end(number, self._files[number], answer)
        elif verb == "cancel":
            self._drop(number)
            answer({})
        else:
            answer({"fault": "This file was not sent whole. Please choose it again."})

    def _begin(self, number: int, facts: Any) -> dict[str, object]:
        place = self._places.get(number)
        size = facts["size"]
        if place is None or self._run.ending is not None:
            return {"fault": "This field takes no files any more."}
        if isinstance(size, bool) or not isinstance(size, int) or size < 0:
            raise ValueError(f"a file has a size, not {size!r}")
        modified = facts.get("last_modified")
        known = {
            "filename": shown_name(facts["filename"]),
            "size": size,
            "mime_type": str(facts.get("mime_type") or "application/octet-stream")[:255],
            "last_modified": modified if isinstance(modified, int | float) and not isinstance(modified, bool) else 0,
        }
        is_single = any(rule[0] == "count" for rule in place.rules)
        if is_single:  # it takes the place of the one before
            for earlier in list(place.files):
                self._drop(earlier)
        others = [self._files[each].facts for each in place.files]
        fault = find_fault([rule for rule in place.rules if rule[0] != "required"], [*others, known])
        if fault is None and len(others) >= MAX_FILES:
            fault = f"These are more than {MAX_FILES} files."
        if fault is not None:
            return {"fault": fault}
        with self._lock:
            self._given += 1
            given = self._given
            held = sum(each.facts["size"] for each in self._files.values() if each.is_small)
            is_small = size <= MEMORY_BYTES and held + size <= ALL_MEMORY_BYTES
            self._files[given] = _Arriving(number, known, is_small)
            place.files.add(given)
        return {"file": given}

    def _piece(
        self, number: int, file: _Arriving, offset: object, piece: Any, *, answer: Callable[[object], None]
    ) -> None:
        data = memoryview(piece)
        if offset != file.came or file.file is not None or len(data) > PIECE_BYTES or self._waiting >= MAX_WAITING:
            self._fail(number, answer, "This file was not sent whole. Please choose it again.")
            return
        file.came += len(data)
        if file.came > file.facts["size"]:
            self._fail(number, answer, "This file is larger than it was said to be. Please choose it again.")
            return
        if file.memory is not None:
            file.memory += data
            answer({"size": file.came})
            return
        came = file.came
        self._write(number, lambda: self._append(number, file, data), answer, lambda: {"size": came})

    def _append(self, number: int, file: _Arriving, data: memoryview) -> None:
        if file.stream is None:
            if number not in self._files:
                return  # it was given up meanwhile
            file.path = self._new_path(number)
            file.stream = file.path.open("wb")
        if not file.stream.closed:
            file.stream.write(data)

    def _end(self, number: int, file: _Arriving, answer: Callable[[object], None]) -> None:
        if file.came != file.facts["size"]:
            self._fail(number, answer, "This file was not sent whole. Please choose it again.")
            return
        if file.memory is not None:
            content, file.memory = bytes(file.memory), None
            file.file = UploadedFile(file.facts, content=content, place=lambda data: self._put(number, data))
            answer({"size": file.came})
            return

        def finish() -> None:
            if file.stream is not None:
                file.stream.close()
                if number in self._files:
                    file.file = UploadedFile(file.facts, path=file.path)

        self._write(number, finish, answer, lambda: {"size": file.came})

    def _write(
        self,
        number: int,
        work: Callable[[], None],
        answer: Callable[[object], None],
        result: Callable[[], object],
    ) -> None:
        """Do something on the thread of the disk, then answer; on the loop's thread."""
        if self._writer is None:
            self._writer = ThreadPoolExecutor(1, thread_name_prefix="deskapp-uploads")
        self._waiting += 1

        def told(done: Future[None]) -> None:
            self._waiting -= 1
            error = done.exception()
            if error is None:
                answer(result())
            else:
                logger.error("a file of %s cannot be kept: %s", self._run.session.app_name, error)
                self._fail(number, answer, "There is no room for this file.")

        self._writer.submit(work).add_done_callback(lambda done: self._run.session.loop.call_soon(told, done))

    def _fail(self, number: int, answer: Callable[[object], None], fault: str) -> None:
        self._drop(number)
        answer({"fault": fault})

    # -- on disk -------------------------------------------------------------------------------------------------------

    def _new_path(self, number: int) -> Path:
        with self._lock:
            if self._is_closed:
                raise ValueError("the file has gone with the page that it came from")
            if self._folder is None:
                self._folder = tempfile.TemporaryDirectory(prefix="deskapp-uploads-", ignore_cleanup_errors=True)
            return Path(self._folder.name) / f"upload-{number}"

    def _put(self, number: int, content: bytes) -> Path:
        path = self._new_path(number)
        path.write_bytes(content)
        return path

    def _drop(self, number: int, *, is_unused: bool = False) -> None:
        """Forget a file, and delete it if the program does not have it, or does not use it."""
        with self._lock:
            file = self._files.pop(number, None)
            if file is not None and file.place in self._places:
                self._places[file.place].files.discard(number)
        if file is None or (file.is_given and not is_unused):
            return
        if self._writer is not None and not self._is_closed:
            self._writer.submit(_delete, file)
        else:
            _delete(file)

    def _close(self) -> None:
        with self._lock:
            self._is_closed = True
            files, self._files = self._files, {}
            self._places.clear()
            folder, self._folder = self._folder, None
        if self._writer is not None:
            self._writer.shutdown(wait=True)
        for file in files.values():
            if file.stream is not None:
                file.stream.close()
        if folder is not None:
            folder.cleanup()


def _delete(file: _Arriving) -> None:
    if file.stream is not None:
        file.stream.close()
    if file.path is not None:
        with contextlib.suppress(OSError):
            file.path.unlink(missing_ok=True)


def shown_name(name: object) -> str:
    """A name as a person reads it: no folder, nothing that cannot be seen, and never empty."""
    last = str(name).replace("\\", "/").rpartition("/")[2]
    text = "".join(each for each in last if each.isprintable()).strip()[:255]
    return text if text.strip(".") else "file"
