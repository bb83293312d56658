"""Warm children: lends them to threads, looks after them, and finds the item that one died of."""

from __future__ import annotations

import contextlib
import errno
import sys
import threading
from typing import Any

from sanitize.engine.child import Answer
from sanitize.engine.forking import ForkServer
from sanitize.engine.launch import can_fork
from sanitize.engine.process import Child, Death, Died, Limits
from sanitize.errors import CLOSELY, InternalError, UsageError

#: How often the children are looked at, seconds.
_GLANCE = 0.1
#: How many processes may end one after another before their first item: somebody may end one, but hardly all.
_FAILED_STARTS = 3


class Interrupted(Exception):
    """The pool was closed while an item was being worked on."""


class Pool:
    """Children for as many threads as ask at the same time."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._server = ForkServer() if can_fork() else None
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._all: set[Child] = set()
        self._failed_starts: list[Death] = []
        self._closed = threading.Event()
        self._watch = threading.Thread(target=self._keep_watch, name="sanitize-watch", daemon=True)
        self._watch.start()

    def run(self, function: str, items: list[Any], options: dict[str, Any]) -> list[Answer]:
        """Answer every item with `(status, payload)`; status is `ok`, `internal`, `crash`, `timeout` or `memory`.

        `function` is named `module:function` and is called in a child as `function(item, **options)`. After a blank a
        second one may follow, which is called as `function(results, **options)` with the results of the whole batch and
        returns as many: what is the same for every item is done faster on arrays.

        An item at which a child died, or that asked for more memory than there is, is tried once more alone, in a new
        child: the old one may have been spoiled by an item before. Raises Interrupted when the pool is closed
        meanwhile, InternalError where no child can start or import the function, UsageError where the system allows no
        child.
        """
        answers: list[Answer] = []
        while len(answers) < len(items):
            rest = items[len(answers) :]
            got, died = self._try(function, rest, options)
            if died and died.item >= len(rest) > 1:
                # The batch as a whole was being worked on: alone, each is known by name.
                for item in rest:
                    answers += self.run(function, [item], options)
            elif died:
                # Nothing of this batch was answered: what came before the suspect is asked again without it.
                suspect = min(died.item, len(rest) - 1)
                if suspect:
                    answers += self.run(function, rest[:suspect], options)
                answers.append(self._try_alone(function, rest[suspect], options))
            else:
                answers += [
                    self._try_alone(function, item, options) if answer[0] == "memory" else answer
                    for item, answer in zip(rest, got, strict=True)
                ]
        return answers

    def warm(self, function: str, count: int, *, libraries: str = "") -> None:
        """Start `count` children that import `function`, after `libraries` where they can share them; returns at once."""
        for child in [self._borrow(f"{function} {libraries}") for _ in range(count)]:
            self._send_nothing(child, function)

    @property
    def has_children(self) -> bool:
        """Whether there are any."""
        with self._lock:
            return bool(self._all)

    def tell(self, function: str) -> None:
        """Let a child that is idle, if there is one, import `function`; returns at once."""
        with self._lock:
            child = self._idle.pop() if self._idle else None
        if child:
            self._send_nothing(child, function)

    def release(self) -> None:
        """Let all children end, who have nothing to do; returns at once."""
        if self._server:
            self._server.release()

    def close(self) -> None:
        """End all children, at once."""
        self._closed.set()
        with self._lock:
            children, self._all, self._idle = self._all, set(), []
        # With the server end all that it has forked; one that does not answer would let us wait for each of them.
        if self._server:
            self._server.close()
        for child in children:
            child.kill()
        for child in children:
            child.end()

    def _send_nothing(self, child: Child, function: str) -> None:
        """Send an empty batch, for which a child imports the function, and let it be idle."""
        with contextlib.suppress(OSError):  # it ended already: that is seen when it is asked
            child.send(function, [], {})
        with self._lock:
            self._idle.append(child)

    def _try_alone(self, function: str, item: object, options: dict[str, Any]) -> Answer:
        got, died = self._try(function, [item], options, fresh=True)
        if died is None:
            return got[0]
        is_behind = died.item > 0 and died.status != "crash"
        return died.status, f"{CLOSELY}: {died.words}" if is_behind else died.words

    def _try(
        self, function: str, items: list[Any], options: dict[str, Any], *, fresh: bool = False
    ) -> tuple[list[Answer], Death | None]:
        while True:
            child = self._borrow(function, fresh=fresh)
            try:
                answers = child.ask(function, items, options)
            except Died:
                death = self._bury(child)
                if child.was_ready:
                    return [], death
                continue
            self._failed_starts = []
            if isinstance(answers, str):
                raise InternalError("a decoding process cannot import its function") from RuntimeError(answers)
            if any(status == "memory" for status, _payload in answers):
                self._end(child)
            else:
                with self._lock:
                    self._idle.append(child)
            return answers, None

    def _borrow(self, function: str, *, fresh: bool = False) -> Child:
        """Return a child for `function` that is idle, or a new one; where it must be new, an idle one goes for it."""
        with self._lock:
            if self._closed.is_set():
                raise Interrupted
            # Rather one that has imported what is asked for.
            fit = [child for child in self._idle if child.knows(function)] or self._idle
            idle = fit[-1] if fit else None
            if idle:
                self._idle.remove(idle)
        if idle:
            if not fresh:
                return idle
            self._end(idle)
        with self._lock:
            if self._closed.is_set():
                raise Interrupted
            try:
                child = Child(self.limits, self._server, function)
            except OSError as error:
                if error.errno in (errno.EACCES, errno.ENOENT, errno.ENOEXEC):
                    raise UsageError(f"cannot start {sys.executable} ({error.strerror}); allow it") from None
                raise _no_process(error.strerror) from None
            self._all.add(child)
            return child

    def _end(self, child: Child) -> None:
        with self._lock:
            self._all.discard(child)
        child.end()

    def _bury(self, child: Child) -> Death:
        """Tell what a child died of. Raises where that was no item, and the next child would fare no better."""
        with self._lock:
            self._all.discard(child)
        death = child.autopsy()
        if self._closed.is_set():
            raise Interrupted
        if child.refusal:
            raise _no_process(child.refusal)
        if not child.was_ready:
            failed = self._failed_starts = [*self._failed_starts, death]
            if len(failed) >= _FAILED_STARTS:
                # A fork server that we ended takes others with it, of which nobody knows why they ended.
                told = next((one for one in failed if one.status != "crash"), death)
                raise InternalError(f"a decoding process does not start ({told.words})")
        return death

    def _keep_watch(self) -> None:
        while not self._closed.wait(_GLANCE):
            with self._lock:
                children = list(self._all)
            for child in children:
                child.glance()


def _no_process(reason: str | None) -> UsageError:
    return UsageError(f"the system allows no further decoding process ({reason}); ask for fewer with --workers")
