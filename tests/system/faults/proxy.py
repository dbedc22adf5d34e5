"""A TCP proxy between two parties, to cut, slow and black-hole what they say."""

import asyncio
import contextlib
import socket
import struct
import threading

CHUNK_BYTES = 65536


class Wires:
    """The thread in which all proxies run."""

    def __init__(self):
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="proxies", daemon=True)
        self._thread.start()

    def run(self, coroutine):
        return asyncio.run_coroutine_threadsafe(coroutine, self._loop).result(10)

    def proxy(self, name):
        """A proxy whose port is known and whose target is not yet."""
        return self.run(_open(name))

    def end(self):
        self.run(_cancel_all())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()


class Proxy:
    """Passes bytes on as they come until it is told otherwise; `heal` makes it do so again.

    A black hole keeps what it was given, as a network that drops packets does for TCP: once
    healed, what was sent meanwhile arrives late.
    """

    def __init__(self, name):
        self.name = name
        self.target = None
        self.port = None
        self._loop = asyncio.get_running_loop()
        self._refuses = False
        self._pause_seconds = 0.0
        self._bytes_per_second = None
        self._passes = asyncio.Event()
        self._passes.set()
        self._open = set()

    def cut(self):
        """Resets every connection and refuses new ones."""
        self._tell(self._cut)

    def slow(self, pause_seconds, bytes_per_second):
        self._tell(self._slow, pause_seconds, bytes_per_second)

    def black_hole(self):
        """Connections stay, new ones are taken, nothing comes through in either direction."""
        self._tell(self._passes.clear)

    def heal(self):
        self._tell(self._heal)

    def _tell(self, change, *arguments):
        async def apply():
            change(*arguments)

        asyncio.run_coroutine_threadsafe(apply(), self._loop).result(10)

    def _cut(self):
        self._refuses = True
        for writer in list(self._open):
            _reset(writer)

    def _slow(self, pause_seconds, bytes_per_second):
        self._pause_seconds, self._bytes_per_second = pause_seconds, bytes_per_second

    def _heal(self):
        self._refuses = False
        self._slow(0.0, None)
        self._passes.set()

    async def _may_pass(self, count):
        if self._bytes_per_second:
            await asyncio.sleep(self._pause_seconds + count / self._bytes_per_second)
        await self._passes.wait()

    async def serve(self, reader, writer):
        self._open.add(writer)
        other = None
        try:
            if self._refuses:
                return
            await self._may_pass(0)
            other_reader, other = await asyncio.open_connection("127.0.0.1", self.target)
            self._open.add(other)
            await asyncio.gather(self._pump(reader, other), self._pump(other_reader, writer))
        except (OSError, asyncio.CancelledError):
            pass
        finally:
            for end in filter(None, (writer, other)):
                self._open.discard(end)
                _reset(end)

    async def _pump(self, reader, writer):
        while True:
            data = await reader.read(CHUNK_BYTES)
            await self._may_pass(len(data))
            if not data:
                writer.write_eof()
                return
            writer.write(data)
            await writer.drain()


def _reset(writer):
    with contextlib.suppress(OSError, AttributeError):
        writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    writer.transport.abort()


async def _open(name):
    proxy = Proxy(name)
    server = await asyncio.start_server(proxy.serve, "127.0.0.1", 0, backlog=512)
    proxy.port = server.sockets[0].getsockname()[1]
    return proxy


async def _cancel_all():
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
