"""The editions of SCORM 2004, and what came with a later one than a package was written for.

A package of the 2nd or 3rd Edition that uses jump or data stores is played (lenient) with a remark
in its call log, or refused by the error of an element that does not exist (strict); the data
model's table says what that concerns (`core/cmi/elements_2004.json`: "since", "earlier").
"""

import re

SECOND, THIRD, FOURTH = 2, 3, 4
_ORDINAL = re.compile(r"\b([234])(?:nd|rd|th)\b", re.I)
_OF_THE_SECOND = re.compile(r"^(cam )?1\.3(\.1)?$", re.I)


def edition_of(schema_version: str) -> int:
    """2, 3 or 4 of a manifest's schemaversion: "2004 3rd Edition", "CAM 1.3"; what says nothing
    about it is taken for the 4th, which has everything."""
    found = _ORDINAL.search(schema_version)
    if found:
        return int(found[1])
    return SECOND if _OF_THE_SECOND.match(schema_version.strip()) else FOURTH
