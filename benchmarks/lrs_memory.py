"""Memory of the record store's workers while much goes in, and while large files come out."""

import hashlib
import random
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlencode
from uuid import UUID

import orjson

from benchmarks.lrs_server import Connection, Lrs
from benchmarks.lrs_statements import make_statement

FILE = 12_000_000
"""Octets of a file: a request takes 16 MiB."""
_BOUNDARY = "between-the-parts"
_VERB = "https://example.com/verbs/with-a-file"


def largest_worker(lrs: Lrs) -> float:
    """Resident megabytes."""
    return max(worker.memory_info().rss for worker in lrs.workers()) / 1e6


def measure_statements(lrs: Lrs, megabytes: int) -> None:
    """Batches of about 1 MB; the largest worker after each tenth."""
    chance, connection = random.Random(2), Connection(lrs)
    statements = [make_statement(chance) for _ in range(1000)]
    sent = step = 0
    while sent < megabytes * 1_000_000:
        for one in statements:
            one["id"] = str(UUID(int=chance.getrandbits(128), version=4))
        body = orjson.dumps(statements)
        connection.post(body)
        sent += len(body)
        if sent >= step * megabytes * 100_000:
            print(f"{sent / 1e6:7.0f} MB in: worker {largest_worker(lrs):6.0f} MB", flush=True)
            step += 1


def measure_files(lrs: Lrs, megabytes: int) -> None:
    """Statements with a file each go in; one answer with all of them comes out."""
    chance, connection = random.Random(3), Connection(lrs)
    count = -(-megabytes * 1_000_000 // FILE)
    before = largest_worker(lrs)
    with _watching(lrs) as most:
        for _ in range(count):
            connection.post(_parcel(chance), f"multipart/mixed; boundary={_BOUNDARY}")
    print(f"{count} files of 12 MB in: worker {before:.0f} MB before, {max(most):.0f} MB at most")
    before = largest_worker(lrs)
    asked = urlencode({"verb": _VERB, "attachments": "true", "limit": count})
    with _watching(lrs) as most:
        came = int(connection.get(asked))
    print(f"{came / 1e6:.0f} MB out: worker {before:.0f} MB before, {max(most):.0f} MB at most")


def _parcel(chance: random.Random) -> bytes:
    data = chance.randbytes(FILE)
    digest = hashlib.sha256(data).hexdigest()
    attachment = {
        "usageType": "https://example.com/usage/film",
        "display": {"en": "A film"},
        "contentType": "video/mp4",
        "length": len(data),
        "sha2": digest,
    }
    statement = make_statement(chance) | {"verb": {"id": _VERB}, "attachments": [attachment]}
    head = f"--{_BOUNDARY}\r\nContent-Type: application/json\r\n\r\n".encode()
    part = (
        f"\r\n--{_BOUNDARY}\r\nContent-Type: video/mp4\r\nContent-Transfer-Encoding: binary\r\n"
        f"X-Experience-API-Hash: {digest}\r\n\r\n"
    ).encode()
    return head + orjson.dumps(statement) + part + data + f"\r\n--{_BOUNDARY}--\r\n".encode()


@contextmanager
def _watching(lrs: Lrs) -> Iterator[list[float]]:
    """The largest worker, looked at fifty times a second."""
    seen, done = [largest_worker(lrs)], threading.Event()

    def look() -> None:
        while not done.wait(0.02):
            seen.append(largest_worker(lrs))

    watcher = threading.Thread(target=look)
    watcher.start()
    try:
        yield seen
    finally:
        done.set()
        watcher.join()
