"""The samples as zip files: `python -m content.samples.build FOLDER` writes them there.

The same sources give the same bytes on every machine, so that importing a sample twice is
recognised as the same zip: names sorted, times fixed, nothing of the file system, and stored
without packing, because what Deflate makes differs between versions of zlib.
"""

import io
import sys
import zipfile
from pathlib import Path

HERE = Path(__file__).parent
SHARED = "shared"
IN_A_WINDOW = "demo-branches-window"
FOLDERS = {
    "demo-page-turner": "demo-page-turner",
    "demo-quiz": "demo-quiz",
    "demo-2004": "demo-2004",
    "demo-chapters": "demo-chapters",
    "demo-branches": "demo-branches",
    IN_A_WINDOW: "demo-branches",
}
"""Keys of the demo packages, and the folders they are made from."""
KEYS = tuple(FOLDERS)
SETTINGS = {IN_A_WINDOW: {"open_in": "window", "window_width": 1024, "window_height": 768}}
"""Settings that a demo package is loaded with, where they are not the defaults."""
_TITLE_IN_A_WINDOW = (b"First aid for house plants", b"First aid for house plants, in a window")
_TIME = (2026, 1, 1, 0, 0, 0)
_SKIP = {".DS_Store", "Thumbs.db"}


def build_sample(key: str) -> bytes:
    """The zip file of the sample `key`, with the shared files in it; raises KeyError."""
    if key not in FOLDERS:
        raise KeyError(f"there is no sample {key!r}, only {', '.join(KEYS)}")
    files = read_folder(HERE / FOLDERS[key])
    if key == IN_A_WINDOW:
        files["imsmanifest.xml"] = files["imsmanifest.xml"].replace(*_TITLE_IN_A_WINDOW)
    files |= {f"{SHARED}/{name}": data for name, data in read_folder(HERE / SHARED).items()}
    return build_zip(files)


def read_folder(folder: Path) -> dict[str, bytes]:
    """All files below `folder` by their relative paths, which have "/" between names."""
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name not in _SKIP
    }


def build_zip(files: dict[str, bytes]) -> bytes:
    """A zip file of `files` whose bytes depend on them alone; the manifest comes first."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as target:
        for name in sorted(files, key=lambda name: (name != "imsmanifest.xml", name)):
            entry = zipfile.ZipInfo(name, _TIME)
            entry.create_system = 3
            entry.external_attr = 0o100644 << 16
            target.writestr(entry, files[name], zipfile.ZIP_STORED)
    return made.getvalue()


def main(folder: Path) -> None:
    """Write all samples into `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for key in KEYS:
        target = folder / f"{key}.zip"
        target.write_bytes(build_sample(key))
        print(target)


if __name__ == "__main__":
    main(Path(sys.argv[1] if len(sys.argv) > 1 else "."))
