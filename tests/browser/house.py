"""The real front door with its desk behind a real port, in a thread of the test."""

import socket
import threading
from contextlib import contextmanager
from dataclasses import dataclass

import uvicorn

from bot.app import build
from bot.settings import ROOT, load_settings
from casework.store import Store
from tests.bot.scripted import UNHURRIED


@dataclass
class House:
    port: int
    store: Store

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}"


@contextmanager
def open_house(folder, dialogue, timing=UNHURRIED, port=0):
    """Stands while the block runs; the database in `folder` outlives it. Port 0 takes a free one."""
    settings = load_settings({"TONGXING_VAR": str(folder), "RASA_PORT": "1", "ACTIONS_PORT": "2"}, ROOT)
    app = build(settings, dialogue, timing)
    # Whoever calls before the server runs waits in the socket's queue.
    with socket.create_server(("127.0.0.1", port)) as listening:
        server = uvicorn.Server(uvicorn.Config(app, ws="none", log_level="error", timeout_graceful_shutdown=1))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        try:
            yield House(listening.getsockname()[1], app.state.gateway.store)
        finally:
            server.should_exit = True
            thread.join()
