"""From an href of the manifest to a file of the package."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

from scorm_runtime.core.archive.names import fold

_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:|//")
_OUTSIDE = re.compile(r"^(\.\./|\.\.$)")


@dataclass(frozen=True)
class Target:
    """What an href leads to."""

    path: str = ""
    """The file, as it is stored; empty when there is none."""
    wanted: str = ""
    """The file as the href names it."""
    suffix: str = ""
    """Query and fragment with their signs."""
    is_external: bool = False
    is_outside: bool = False

    @property
    def url(self) -> str:
        """Relative URL of the file, percent-encoded, with query and fragment."""
        return quote(self.path, safe="/!$'()*,;=@~-._") + self.suffix


class Files:
    """The files of a package by their paths, found even where spelling differs."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._paths = set(paths)
        self._folded = {fold(path): path for path in sorted(self._paths)}

    def __len__(self) -> int:
        return len(self._paths)

    def __contains__(self, path: str) -> bool:
        return path in self._paths

    def resolve(self, href: str) -> Target:
        """Find the file `href` (relative to the package, xml:base applied) leads to."""
        href = href.strip().replace("\\", "/")
        if _SCHEME.match(href):
            return Target(wanted=href, is_external=True)
        target = self._resolve(href)
        if not target.path and "#" in href and href in self._paths:
            return Target(path=href, wanted=href)
        return target

    def _resolve(self, href: str) -> Target:
        parts = urlsplit(href if not href.startswith("/") else href.lstrip("/"))
        suffix = (f"?{parts.query}" if parts.query else "") + (
            f"#{parts.fragment}" if parts.fragment else ""
        )
        candidates = [normalise(unquote(parts.path)), normalise(parts.path)]
        if any(_OUTSIDE.match(path) for path in candidates):
            return Target(wanted=parts.path, is_outside=True)
        for path in candidates:
            if path in self._paths:
                return Target(path, path, suffix)
        for path in candidates:
            if path and fold(path) in self._folded:
                return Target(self._folded[fold(path)], path, suffix)
        return Target(wanted=candidates[0], suffix=suffix)


def normalise(path: str) -> str:
    """The path without "." and "..": a leading ".." is kept, it leads out of the package."""
    done: list[str] = []
    for part in path.replace("\\", "/").split("/"):
        if part in ("", "."):
            continue
        if part == ".." and done and done[-1] != "..":
            done.pop()
        else:
            done.append(part)
    return "/".join(done)


def add_parameters(url: str, parameters: str) -> str:
    """Append an item's parameters to its resource's URL (CAM 2004 4th Ed. 3.4.1.7).

    Leading "?" and "&" are dropped; a query goes before a fragment; a second fragment is dropped.
    """
    parameters = parameters.strip().lstrip("?&").replace(" ", "%20")
    if not parameters:
        return url
    address, sign, fragment = url.partition("#")
    if parameters.startswith("#"):
        return url if sign else url + parameters
    address += ("&" if "?" in address else "?") + parameters
    return address if "#" in parameters else address + sign + fragment
