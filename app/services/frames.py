"""Frames between a process and its child: the length in bytes (4 bytes, big endian) and MessagePack.

Never unpickled: the child reads hostile bytes.
"""

from __future__ import annotations

import struct

import msgspec

LENGTH = struct.Struct(">I")


def frame(message: msgspec.Struct) -> bytes:
    """The message as it goes over the wire."""
    body = msgspec.msgpack.encode(message)
    return LENGTH.pack(len(body)) + body
