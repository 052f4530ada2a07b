"""HTTP to this machine and nowhere else: no names are resolved, no redirect is followed, no proxy is asked."""

from __future__ import annotations

import http.client
import ipaddress
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

#: Seconds for one request, and bytes of one answer.
TIMEOUT, SIZE = 3.0, 1_000_000


class NotLocal(ValueError):
    """The address is not of this machine, or no address at all; the message says what to write."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What came back; `status` 0 when nothing did."""

    status: int
    body: bytes = field(default=b"", repr=False)
    seconds: float = 0.0
    error: str = ""

    @property
    def ok(self) -> bool:
        """True for 2xx."""
        return 200 <= self.status < 300

    @property
    def content(self) -> Any:
        """The JSON of the body, `None` when it is none."""
        try:
            return json.loads(self.body)
        except (ValueError, RecursionError):
            return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Endpoint:
    """An address on this machine."""

    host: str
    port: int
    base: str = ""

    def __str__(self) -> str:
        return f"http://{self.host}:{self.port}{self.base}"

    def ask(self, method: str, path: str, content: Any = None) -> Answer:
        """One request; never raises."""
        body = None if content is None else json.dumps(content).encode()
        headers = {"Accept": "application/json", "Connection": "close"}
        if body is not None:
            headers["Content-Type"] = "application/json"
        began = time.perf_counter()
        link = http.client.HTTPConnection(self.host.strip("[]"), self.port, timeout=TIMEOUT)
        try:
            link.request(method, self.base + path, body=body, headers=headers)
            answer = link.getresponse()
            read = answer.read(SIZE)
        except (OSError, http.client.HTTPException, ValueError) as error:
            why = "no answer in time" if isinstance(error, TimeoutError) else f"{type(error).__name__}: {error}"
            return Answer(status=0, seconds=time.perf_counter() - began, error=" ".join(why.split())[:160])
        else:
            return Answer(status=answer.status, body=read, seconds=time.perf_counter() - began)
        finally:
            link.close()


def endpoint(address: str) -> Endpoint:
    """The endpoint of an address such as http://127.0.0.1:8000; raises `NotLocal` for every other machine."""
    such = "write the address of a service on this machine, such as http://127.0.0.1:8000"
    try:
        parts = urlsplit(address if "//" in address else f"http://{address}")
        host, port = parts.hostname or "", parts.port or 80
    except ValueError as error:
        msg = f"{address!r} is no address ({error}); {such}"
        raise NotLocal(msg) from None
    if parts.scheme != "http" or parts.username or parts.query or parts.fragment:
        msg = f"{address!r} must be plain http without user, query or fragment; {such}"
        raise NotLocal(msg)
    if host == "localhost":
        host = "127.0.0.1"  # the name is not looked up: a hosts file may send it elsewhere
    try:
        local = ipaddress.ip_address(host).is_loopback
    except ValueError:
        local = False
    if not local:
        msg = f"{host or address!r} is not this machine, and a synthetic row of your data is sent to no other; {such}"
        raise NotLocal(msg)
    return Endpoint(host=host, port=port, base=parts.path.rstrip("/"))
