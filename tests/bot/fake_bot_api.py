"""A small Telegram on loopback: enough of the Bot API to talk, to tap, to be blocked and to be too fast."""

import asyncio
import itertools
import json
import socket
import threading
from urllib.parse import parse_qsl

import uvicorn
from starlette.applications import Starlette
from starlette.responses import JSONResponse
from starlette.routing import Route

TOKEN = "123456:AAFake-token_for_tests"


class FakeBotApi:
    """Runs in a thread of its own. Updates stay until a getUpdates with a higher offset confirms them."""

    def __init__(self, token=TOKEN):
        self.token, self.webhook = token, None
        self.updates, self.sent, self.calls = [], [], []
        self.blocked, self.faults = set(), []
        self._ids, self._message_ids = itertools.count(1000), itertools.count(1)
        self._stopping = False
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        app = Starlette(routes=[Route("/bot{token}/{method}", self._answer, methods=["GET", "POST"])])
        config = uvicorn.Config(app, ws="none", log_level="error", lifespan="off", timeout_graceful_shutdown=1)
        self._server = uvicorn.Server(config)
        self._server.install_signal_handlers = lambda: None
        self._thread = threading.Thread(target=self._server.run, args=([self._socket],), daemon=True)

    def start(self):
        self._socket.listen()
        self._thread.start()
        return self

    def stop(self):
        self._stopping = self._server.should_exit = True
        self._thread.join(10)

    # What people do.

    def write(self, chat, text=None, /, **more):
        """A message; `more` are other fields of it, such as photo or caption."""
        message = {**self._message(chat), **({"text": text} if text is not None else {}), **more}
        return self.push(message=message)

    def edit(self, update, text):
        return self.push(edited_message={**update["message"], "edit_date": 1_800_000_100, "text": text})

    def tap(self, chat, title):
        """The newest key with this title, whether or not it was taken away since."""
        for sent in reversed(self.of(chat)):
            for key in (key for row in sent["keys"] for key in row if key["text"] == title):
                return self.press(chat, key["callback_data"], sent["message_id"])
        raise AssertionError(f"no key {title}")

    def press(self, chat, data, message_id=1):
        message = {**self._message(chat), "message_id": message_id}
        query = {"id": str(next(self._ids)), "from": _person(chat), "message": message, "chat_instance": "1"}
        return self.push(callback_query={**query, "data": data})

    def push(self, **content):
        update = {"update_id": next(self._ids), **content}
        self.updates.append(update)
        return update

    def _message(self, chat):
        where = {"id": chat, "type": "private", "first_name": "演示"}
        return {"message_id": next(self._message_ids), "date": 1_800_000_000, "chat": where, "from": _person(chat)}

    # What they see.

    def of(self, chat):
        return [sent for sent in self.sent if sent["chat_id"] == str(chat)]

    def texts(self, chat):
        return [sent["text"] for sent in self.of(chat)]

    def called(self, method):
        return [given for name, given in self.calls if name == method]

    # The server.

    async def _answer(self, request):
        method = request.path_params["method"]
        given = await _parameters(request)
        self.calls.append((method, given))
        if request.path_params["token"] != self.token:
            return _fault(401, "Unauthorized")
        if self.faults and (fault := self._fault_for(method, given)):
            return fault
        answer = getattr(self, f"_{method}", None)
        return await answer(given) if answer else _fault(404, "Not Found")

    def _fault_for(self, method, given):
        """`faults` holds (method, what its text begins with, status, parameters); each is used once."""
        for fault in list(self.faults):
            name, begins, status, parameters = fault
            if name == method and given.get("text", "").startswith(begins):
                self.faults.remove(fault)
                return _fault(status, "fault", parameters)
        return None

    async def _getUpdates(self, given):
        if self.webhook:
            return _fault(409, "Conflict: can't use getUpdates method while webhook is active")
        offset, left = int(given.get("offset", 0)), float(given.get("timeout", 0))
        while not self._stopping:
            self.updates = [update for update in self.updates if update["update_id"] >= offset]
            if self.updates or left <= 0:
                break
            await asyncio.sleep(0.01)
            left -= 0.01
        return _well(self.updates[:100])

    async def _sendMessage(self, given):
        text, chat = given.get("text", ""), int(given["chat_id"])
        if chat in self.blocked:
            return _fault(403, "Forbidden: bot was blocked by the user")
        if not text.strip():
            return _fault(400, "Bad Request: message text is empty")
        if len(text.encode("utf-16-le")) // 2 > 4096:
            return _fault(400, "Bad Request: message is too long")
        keys = json.loads(given.get("reply_markup", "{}")).get("inline_keyboard", [])
        if any(len(key["callback_data"].encode()) > 64 for row in keys for key in row):
            return _fault(400, "Bad Request: BUTTON_DATA_INVALID")
        message = self._message(chat)
        self.sent.append({**given, "message_id": message["message_id"], "keys": keys})
        return _well({**message, "text": text})

    async def _answerCallbackQuery(self, given):
        return _well(True)

    async def _editMessageReplyMarkup(self, given):
        return _well(self._message(int(given["chat_id"])))

    async def _setWebhook(self, given):
        self.webhook = given["url"]
        return _well(True)

    async def _deleteWebhook(self, given):
        self.webhook = None
        return _well(True)


def _person(chat):
    return {"id": chat, "is_bot": False, "first_name": "演示"}


async def _parameters(request):
    body = await request.body()
    if "json" in request.headers.get("content-type", ""):
        return json.loads(body)
    return dict(parse_qsl(body.decode(), keep_blank_values=True))


def _well(result):
    return JSONResponse({"ok": True, "result": result})


def _fault(status, description, parameters=None):
    body = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status_code=status)
