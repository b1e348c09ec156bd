"""A WebSocket server that sends back what it gets, of the standard library alone.

Prints its port. `close N` is answered by closing with code N, `drop` by cutting the line, `head` with the request that opened it.
"""

import asyncio
import base64
import hashlib
import struct
import sys

GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


def unmask(data: bytes, mask: bytes) -> bytes:
    if not data:
        return data
    pad = (mask * (len(data) // 4 + 1))[: len(data)]
    return (int.from_bytes(data, "big") ^ int.from_bytes(pad, "big")).to_bytes(len(data), "big")


def frame(opcode: int, data: bytes) -> bytes:
    if len(data) < 126:
        head = struct.pack("!BB", 0x80 | opcode, len(data))
    elif len(data) < 1 << 16:
        head = struct.pack("!BBH", 0x80 | opcode, 126, len(data))
    else:
        head = struct.pack("!BBQ", 0x80 | opcode, 127, len(data))
    return head + data


async def receive(reader: asyncio.StreamReader):
    first, second = await reader.readexactly(2)
    size = second & 0x7F
    if size == 126:
        (size,) = struct.unpack("!H", await reader.readexactly(2))
    elif size == 127:
        (size,) = struct.unpack("!Q", await reader.readexactly(8))
    mask = await reader.readexactly(4)
    return bool(first & 0x80), first & 0x0F, unmask(await reader.readexactly(size), mask)


async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, head: bytes) -> None:
    kind, message = 0, b""
    while True:
        last, opcode, data = await receive(reader)
        if opcode == 8:
            writer.write(frame(8, data))
            return
        if opcode == 9:
            writer.write(frame(10, data))
            continue
        if opcode == 10:
            continue
        kind, message = opcode or kind, message + data
        if not last:
            continue
        if message == b"drop":
            return
        if message == b"head":
            message = head
        if message.startswith(b"close "):
            writer.write(frame(8, struct.pack("!H", int(message[6:])) + b"as asked"))
            message = b""
            continue
        writer.write(frame(kind, message))
        await writer.drain()
        message = b""


async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        head = await reader.readuntil(b"\r\n\r\n")
        headers = dict(line.split(b": ", 1) for line in head.split(b"\r\n")[1:] if b": " in line)
        key = {name.lower(): value for name, value in headers.items()}[b"sec-websocket-key"]
        accept = base64.b64encode(hashlib.sha1(key + GUID).digest())
        writer.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        await talk(reader, writer, head)
        await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        pass  # the other side went away
    finally:
        writer.close()


async def main() -> None:
    server = await asyncio.start_server(serve, "127.0.0.1", 0, limit=1 << 20)
    print(server.sockets[0].getsockname()[1])
    sys.stdout.flush()
    await server.serve_forever()


asyncio.run(main())
