"""A small HTTP server that speaks the part of S3's REST API which an object store client uses.

Written from the Amazon S3 API reference (GetObject, HeadObject, PutObject, DeleteObjects, ListObjectsV2,
CreateMultipartUpload, UploadPart, CompleteMultipartUpload). It keeps objects in memory and does not check
signatures.
"""

from __future__ import annotations

import itertools
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree
from xml.sax.saxutils import escape

BUCKET = "tables"
_DATE = "Sun, 01 Nov 2026 00:00:00 GMT"


class _S3(ThreadingHTTPServer):
    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Request)
        self.objects: dict[str, bytes] = {}
        self.uploads: dict[str, dict[int, bytes]] = {}
        self.ids = itertools.count(1)


class _Request(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _S3

    def log_message(self, *args: object) -> None:
        pass

    @property
    def _key(self) -> str:
        return unquote(urlsplit(self.path).path).removeprefix(f"/{BUCKET}").removeprefix("/")

    @property
    def _query(self) -> dict[str, str]:
        return {k: v[0] for k, v in parse_qs(urlsplit(self.path).query, keep_blank_values=True).items()}

    def _body(self) -> bytes:
        return self.rfile.read(int(self.headers.get("content-length", 0)))

    def _answer(self, status: int, body: bytes = b"", *, length: int | None = None, **headers: str) -> None:
        self.send_response(status)
        self.send_header("content-length", str(len(body) if length is None else length))
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.end_headers()
        self.wfile.write(body)

    def _missing(self) -> None:
        self._answer(404, b"" if self.command == "HEAD" else b"<Error><Code>NoSuchKey</Code></Error>")

    def do_PUT(self) -> None:
        body, query = self._body(), self._query
        if "uploadId" in query:
            self.server.uploads[query["uploadId"]][int(query["partNumber"])] = body
        else:
            self.server.objects[self._key] = body
        self._answer(200, etag='"1"')

    def do_HEAD(self) -> None:
        content = self.server.objects.get(self._key)
        if content is None:
            return self._missing()
        return self._answer(200, length=len(content), etag='"1"', last_modified=_DATE)

    def do_GET(self) -> None:
        if "list-type" in self._query:
            return self._list(self._query.get("prefix", ""))
        content = self.server.objects.get(self._key)
        if content is None:
            return self._missing()
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("range", ""))
        if not asked:
            return self._answer(200, content, etag='"1"', last_modified=_DATE)
        first, last = int(asked[1]), min(int(asked[2] or len(content) - 1), len(content) - 1)
        return self._answer(
            206,
            content[first : last + 1],
            etag='"1"',
            last_modified=_DATE,
            content_range=f"bytes {first}-{last}/{len(content)}",
        )

    def _list(self, prefix: str) -> None:
        entries = "".join(
            f"<Contents><Key>{escape(key)}</Key><LastModified>2026-11-01T00:00:00.000Z</LastModified>"
            f'<ETag>"1"</ETag><Size>{len(content)}</Size></Contents>'
            for key, content in sorted(self.server.objects.items())
            if key.startswith(prefix)
        )
        self._answer(
            200, f"<ListBucketResult><IsTruncated>false</IsTruncated>{entries}</ListBucketResult>".encode()
        )

    def do_POST(self) -> None:
        body, query = self._body(), self._query
        if "delete" in query:
            return self._delete(body)
        if "uploads" in query:
            upload = f"upload-{next(self.server.ids)}"
            self.server.uploads[upload] = {}
            return self._answer(
                200,
                f"<InitiateMultipartUploadResult><UploadId>{upload}</UploadId>"
                "</InitiateMultipartUploadResult>".encode(),
            )
        parts = self.server.uploads.pop(query["uploadId"])
        self.server.objects[self._key] = b"".join(parts[number] for number in sorted(parts))
        return self._answer(
            200, b'<CompleteMultipartUploadResult><ETag>"1"</ETag></CompleteMultipartUploadResult>'
        )

    def _delete(self, body: bytes) -> None:
        keys = [
            e.text or "" for e in ElementTree.fromstring(body).iter() if e.tag.rpartition("}")[2] == "Key"
        ]
        for key in keys:
            self.server.objects.pop(key, None)
        done = "".join(f"<Deleted><Key>{escape(key)}</Key></Deleted>" for key in keys)
        self._answer(200, f"<DeleteResult>{done}</DeleteResult>".encode())


@contextmanager
def running_s3_server() -> Iterator[str]:
    """The server's URL while it runs."""
    server = _S3()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
