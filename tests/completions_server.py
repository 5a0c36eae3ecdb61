"""A server double: OpenAI's completions with token ids and adapters that come and go, as vLLM answers them."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np

VOCABULARY = 50
END = 2


@dataclass(frozen=True)
class Reply:
    """One answer over HTTP."""

    body: Any = ""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


Answer = Callable[["CompletionsServer", str, dict[str, Any]], Reply | None]
"""What to reply to a path and a body; None for what a good server replies."""


class CompletionsServer:
    """What was asked of it, in order, and the adapters that it holds."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer
        self._lock = threading.Lock()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.keys: set[str] = set()
        self.adapters: dict[str, str] = {}
        self.url = ""

    @property
    def completions(self) -> list[dict[str, Any]]:
        """The bodies of the requests for completions."""
        return [body for path, body in self.asked if path == "/v1/completions"]

    def reply(self, path: str, key: str, body: dict[str, Any]) -> Reply:
        with self._lock:
            self.asked.append((path, body))
            self.keys.add(key)
        return self._answer(self, path, body) or self.good(path, body)

    def good(self, path: str, body: dict[str, Any]) -> Reply:
        """What a server replies that works."""
        if path == "/v1/completions":
            known = body["model"] == "policy" or body["model"] in self.adapters
            return Reply(completion(body)) if known else Reply({"error": {"message": "no such model"}}, 404)
        if path == "/v1/load_lora_adapter":
            self.adapters[body["lora_name"]] = body["lora_path"]
            return Reply(f"Success: LoRA adapter '{body['lora_name']}' added successfully.")
        if path == "/v1/unload_lora_adapter":
            self.adapters.pop(body["lora_name"])
            return Reply("Success: removed.")
        return Reply({"error": {"message": "Not Found"}}, 404)


def completion(body: dict[str, Any]) -> dict[str, Any]:
    """The answer to a prompt and a seed: random tokens until the one that ends it, or as many as were asked for."""
    drawn = np.random.default_rng([body["seed"], *body["prompt"]]).integers(3, VOCABULARY, size=body["max_tokens"])
    tokens = [*drawn[:7].tolist(), END] if len(drawn) > 7 else drawn.tolist()
    logprobs = {
        "tokens": [f"token_id:{token}" for token in tokens],
        "token_logprobs": [-token / VOCABULARY for token in tokens],
    }
    choice = {
        "index": 0,
        "text": "nobody reads this",
        "token_ids": tokens,
        "logprobs": logprobs,
        "finish_reason": "stop" if END in tokens else "length",
    }
    return {"object": "text_completion", "model": body["model"], "choices": [choice]}


@contextmanager
def completions_server(answer: Answer = lambda server, path, body: None) -> Iterator[CompletionsServer]:
    """Serve on a free port of this machine."""
    server = CompletionsServer(answer)

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            reply = server.reply(self.path, self.headers.get("Authorization", ""), body)
            content = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
            self.send_response(reply.status)
            for name, value in {"Content-Length": str(len(content)), **reply.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            # Who asked may have gone.
            with suppress(ConnectionError):
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            """Say nothing."""

    http = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    http.daemon_threads = True
    server.url = f"http://127.0.0.1:{http.server_port}/v1"
    thread = threading.Thread(target=http.serve_forever, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
