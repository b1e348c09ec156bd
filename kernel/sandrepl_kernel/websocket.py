"""The server's side of RFC 6455, as pure functions and one incremental parser. No sockets here."""

from __future__ import annotations

import binascii

from .intact import __builtins__  # noqa: F401

try:
    from _sha1 import sha1  # hashlib costs several milliseconds of start-up for the same function
except ImportError:
    from hashlib import sha1

TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10
NORMAL, GOING_AWAY, PROTOCOL_ERROR, NOT_TEXT, REFUSED, TOO_BIG, TRY_LATER = 1000, 1001, 1002, 1003, 1008, 1009, 1013

HEADER_LIMIT = 16 << 10
_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_SLICE = 1 << 20


class ProtocolError(Exception):
    """The peer broke the protocol; `code` closes the connection."""

    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code


def handshake(head: bytes) -> tuple[bytes, bool]:
    """Answers the HTTP request that opens a connection: the bytes to send, and whether it is open now."""
    lines = head.split(b"\r\n")
    fields = {}
    for line in lines[1:]:
        name, _, value = line.partition(b":")
        fields[name.strip().lower()] = value.strip()
    if not lines[0].startswith(b"GET ") or b"websocket" not in fields.get(b"upgrade", b"").lower():
        return _refusal(b"426 Upgrade Required", b"this port speaks WebSocket only"), False
    key = fields.get(b"sec-websocket-key", b"")
    if not key or fields.get(b"sec-websocket-version") != b"13":
        return _refusal(b"400 Bad Request", b"Sec-WebSocket-Key and Sec-WebSocket-Version: 13 are needed"), False
    accept = binascii.b2a_base64(sha1(key + _GUID).digest(), newline=False)
    answer = b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    return answer + b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n", True


def _refusal(status: bytes, why: bytes) -> bytes:
    head = b"HTTP/1.1 %s\r\nUpgrade: websocket\r\nConnection: close\r\n"
    head += b"Content-Type: text/plain\r\nContent-Length: %d\r\n\r\n"
    return head % (status, len(why) + 1) + why + b"\n"


def frame(opcode: int, payload: bytes) -> bytes:
    """One whole, unmasked frame."""
    size = len(payload)
    if size < 126:
        head = bytes((0x80 | opcode, size))
    elif size < 1 << 16:
        head = bytes((0x80 | opcode, 126)) + size.to_bytes(2, "big")
    else:
        head = bytes((0x80 | opcode, 127)) + size.to_bytes(8, "big")
    return head + payload


def close_frame(code: int, reason: str = "") -> bytes:
    return frame(CLOSE, code.to_bytes(2, "big") + reason.encode("utf-8")[:120])


class Parser:
    """Turns the bytes of a client into messages. `limit` bounds one message and may be raised later."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._buffer = bytearray()
        self._parts: list[bytes] = []
        self._opcode = 0

    def feed(self, data: bytes) -> None:
        self._buffer += data

    def next(self) -> tuple[int, bytes] | None:
        """The next message or control frame as (opcode, payload), or None when more bytes are needed."""
        while True:
            parsed = self._frame()
            if parsed is None:
                return None
            final, opcode, payload = parsed
            if opcode >= CLOSE:
                return opcode, payload
            if opcode and self._opcode or not opcode and not self._opcode:
                raise ProtocolError(PROTOCOL_ERROR, "a fragment out of turn")
            self._opcode = opcode or self._opcode
            self._parts.append(payload)
            if final:
                message = (self._opcode, b"".join(self._parts))
                self._parts, self._opcode = [], 0
                return message

    def _frame(self) -> tuple[bool, int, bytes] | None:
        buffer = self._buffer
        if len(buffer) < 2:
            return None
        opcode, size, start = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        if buffer[0] & 0x70 or not buffer[1] & 0x80 or opcode not in (0, TEXT, BINARY, CLOSE, PING, PONG):
            raise ProtocolError(PROTOCOL_ERROR, "a client's frames are masked, without extensions")
        if opcode >= CLOSE and (size > 125 or not buffer[0] & 0x80):
            raise ProtocolError(PROTOCOL_ERROR, "a control frame is whole and small")
        if size >= 126:
            start = 4 if size == 126 else 10
            if len(buffer) < start:
                return None
            size = int.from_bytes(buffer[2:start], "big")
        if size + sum(map(len, self._parts)) > self.limit:
            raise ProtocolError(TOO_BIG, f"a message is at most {self.limit} bytes")
        end = start + 4 + size
        if len(buffer) < end:
            return None
        payload = unmask(memoryview(buffer)[start + 4 : end], bytes(buffer[start : start + 4]))
        final = bool(buffer[0] & 0x80)
        del buffer[:end]
        return final, opcode, payload


def unmask(data: memoryview, mask: bytes) -> bytes:
    """XOR through big integers: 32 MiB in a few hundredths of a second, where a loop over bytes takes seconds."""
    parts = []
    for start in range(0, len(data), _SLICE):
        part = data[start : start + _SLICE]
        size = len(part)
        key = (mask * (size // 4 + 1))[:size]
        parts.append((int.from_bytes(part, "little") ^ int.from_bytes(key, "little")).to_bytes(size, "little"))
        part.release()
    data.release()
    return b"".join(parts)
