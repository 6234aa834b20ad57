"""The double at work: requests are routed, perhaps spoiled, answered, and reported about afterwards."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import NamedTuple, TypeVar

from tests.double import control, faults, sendgrid, twilio
from tests.double.answers import Answer, Letter, Request
from tests.double.faults import Fault
from tests.double.state import State
from tests.double.wire import Connection

# For the double's own calls. A receiver that hangs must not hold up the receipts of all others.
_CALLERS = 24
_LONGEST_PAUSE = 2.0
_T = TypeVar("_T")


class _Room(NamedTuple):
    """One provider's part of the double."""

    api: str
    handle: Callable[[State, Request], Answer]
    # Whom it is for and which of our messages it is: for faults that are aimed, and for the weather.
    about: Callable[[Request], tuple[str, str]]


_TWILIO = _Room("twilio", twilio.handle, twilio.about)
_SENDGRID = _Room("sendgrid", sendgrid.handle, sendgrid.about)


class Double:
    """Both providers in one event loop; threads only for calls of its own, which wait for others."""

    def __init__(self, state: State) -> None:
        self._state = state
        self._callers = ThreadPoolExecutor(_CALLERS, thread_name_prefix="caller")
        self._loop = asyncio.get_running_loop()

    async def listen(self, host: str, port: int) -> asyncio.Server:
        return await self._loop.create_server(lambda: Connection(self._serve), host, port, backlog=512)

    def close(self) -> None:
        self._callers.shutdown(wait=False, cancel_futures=True)

    def _serve(self, request: Request, line: Connection) -> None:
        state = self._state
        if request.path.startswith("/_double/"):
            self._command(request, line)
            return
        room = _room(request.path)
        if room is None:
            line.answer(Answer(404, {"message": "not found"}))
            return
        seconds = state.latency.seconds()
        if seconds:
            # Halfway the provider has it: a caller that dies meanwhile may die before or after that.
            self._loop.call_later(seconds / 2, self._handle, room, request, line, seconds / 2)
        else:
            self._handle(room, request, line, 0.0)

    def _command(self, request: Request, line: Connection) -> None:
        if control.name_of(request) in control.CALLS_OUT:
            self._in_thread(partial(control.handle, self._state, request), line.answer)
        else:
            line.answer(control.handle(self._state, request))

    def _handle(self, room: _Room, request: Request, line: Connection, wait: float) -> None:
        state = self._state
        to, uuid = room.about(request)
        fault = state.next_fault(room.api, request.method, to, uuid)
        if fault is not None:
            state.note(room.api, "fault", kind=fault.kind, to=to, uuid=uuid)
            if faults.before(fault, line):
                return
            if fault.kind == "slow":
                wait += fault.seconds
        answer = room.handle(state, request)
        early = [letter for letter in answer.letters if letter.early]
        finish = partial(self._finish, answer, fault, line)
        if early:
            state.letters += len(early)
            self._in_thread(partial(self._send_early, early), lambda _: finish())
        elif wait:
            self._loop.call_later(wait, finish)
        else:
            finish()

    def _finish(self, answer: Answer, fault: Fault | None, line: Connection) -> None:
        if fault is None or not faults.after(fault, answer, line):
            line.answer(answer)
        later = [letter for letter in answer.letters if not letter.early]
        if later:
            self._state.letters += len(later)
            self._loop.call_later(later[0].after, self._post_all, later, self._state.era)

    def _post_all(self, letters: list[Letter], era: int) -> None:
        """One after the other, so that they come in as they were ordered; what is refused does not hold up the rest."""
        if era != self._state.era:
            return
        first, rest = letters[0], letters[1:]

        def go_on(answered: int) -> None:
            self._posted(first, 1, era, answered)
            if rest:
                self._loop.call_later(rest[0].after, self._post_all, rest, era)

        self._in_thread(first.send, go_on)

    def _post(self, letter: Letter, turn: int, era: int) -> None:
        if era == self._state.era:
            self._in_thread(letter.send, lambda answered: self._posted(letter, turn, era, answered))

    def _posted(self, letter: Letter, turn: int, era: int, answered: int) -> None:
        """Whoever did not take a letter gets it again, as often as the provider would send it."""
        if era != self._state.era:
            return
        if 200 <= answered < 300 or turn >= letter.tries:
            self._state.letters -= 1
            return
        pause = min(self._state.weather.retry_seconds * 2 ** (turn - 1), _LONGEST_PAUSE)
        self._loop.call_later(pause, self._post, letter, turn + 1, era)

    def _send_early(self, letters: list[Letter]) -> None:
        era = self._state.era
        for letter in letters:
            answered = letter.send()
            self._loop.call_soon_threadsafe(self._posted, letter, 1, era, answered)

    def _in_thread(self, work: Callable[[], _T], then: Callable[[_T], None]) -> None:
        self._callers.submit(lambda: self._loop.call_soon_threadsafe(then, work()))


def _room(path: str) -> _Room | None:
    if path.startswith("/2010-04-01/"):
        return _TWILIO
    return _SENDGRID if path.startswith("/v3/") else None


async def serve(state: State, *, host: str, port: int, ready: Callable[[int], None], stop: asyncio.Event) -> None:
    """Serve until ``stop``; ``ready`` is told the port."""
    double = Double(state)
    server = await double.listen(host, port)
    ready(server.sockets[0].getsockname()[1])
    try:
        await stop.wait()
    finally:
        server.close()
        double.close()
