"""The corpus: every way we know to make a zip file that should not be taken in.

`cases()` yields them with the code of the refusal that each deserves. All are built for `LIMITS`,
which are small so that the corpus is.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass

from scorm_runtime.core.archive.limits import ArchiveLimits
from scorm_runtime.core.manifest.limits import ManifestLimits
from tests.scorm_runtime.hostile import contents, headers, names
from tests.scorm_runtime.hostile.zipbytes import Part, build

LIMITS = ArchiveLimits(
    max_zip_bytes=400_000,
    max_total_bytes=3_000_000,
    max_file_bytes=2_000_000,
    max_files=200,
    max_directory_bytes=40_000,
    ratio_free_bytes=500_000,
)
MANIFEST_LIMITS = ManifestLimits(max_bytes=300_000, max_elements=5_000, max_items=150)


@dataclass(frozen=True)
class Case:
    """A zip file and the code of its refusal."""

    name: str
    data: bytes
    code: str


def good_parts() -> list[Part]:
    """A package that is taken in; a case adds its fault to it."""
    return [
        Part(b"imsmanifest.xml", contents.MANIFEST),
        Part(b"index.html", b"<!doctype html><title>x</title>"),
    ]


def cases() -> Iterator[Case]:
    """All of them, each with a name of its own."""
    for label, parts, code in names.faults():
        yield Case(f"name: {label}", build([*good_parts(), *parts]), code)
    for label, data, code in headers.faults(good_parts):
        yield Case(f"header: {label}", data, code)
    for label, parts, code in contents.faults():
        yield Case(f"content: {label}", build(parts), code)


def mutations(count: int, seed: int) -> Iterator[bytes]:
    """Good and hostile zip files with some of their bytes changed; the same for the same seed."""
    chance = random.Random(seed)
    seeds = [build(good_parts()), *(case.data for case in cases() if len(case.data) < 5_000)]
    for _ in range(count):
        data = bytearray(chance.choice(seeds))
        for _ in range(chance.choice((1, 1, 2, 4, 16))):
            if not data:
                break
            position = chance.randrange(len(data))
            match chance.randrange(5):
                case 0:
                    data[position] ^= 1 << chance.randrange(8)
                case 1:
                    data[position] = chance.choice((0, 0xFF, 0x2E, 0x2F, 0x5C))
                case 2:
                    del data[position : position + chance.randrange(1, 20)]
                case 3:
                    data[position:position] = chance.randbytes(chance.randrange(1, 20))
                case 4:
                    length = chance.randrange(1, 40)
                    source = chance.randrange(len(data))
                    data[position : position + length] = data[source : source + length]
        yield bytes(data)
