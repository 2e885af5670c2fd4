"""Prefixes that a manifest uses without declaring them: those of the standard are known."""

from lxml import etree

KNOWN = {
    "adlcp": "http://www.adlnet.org/xsd/adlcp_v1p3",
    "adlseq": "http://www.adlnet.org/xsd/adlseq_v1p3",
    "adlnav": "http://www.adlnet.org/xsd/adlnav_v1p3",
    "imsss": "http://www.imsglobal.org/xsd/imsss",
    "imscp": "http://www.imsglobal.org/xsd/imscp_v1p1",
    "imsmd": "http://www.imsglobal.org/xsd/imsmd_rootv1p2p1",
    "lom": "http://ltsc.ieee.org/xsd/LOM",
}
"""CAM 2004 4th Ed. 3.4 and CAM 1.2 2.3.2; for adlcp the newer one, nothing here depends on it."""


def bind_known_prefixes(root: etree._Element) -> etree._Element:
    """Give elements called "imsss:…" by a parser that found the prefix undeclared their namespace.

    Everything else is found by its local name (`elements.py`).
    """
    for element in root.iter():
        tag = element.tag
        if isinstance(tag, str) and ":" in tag and not tag.startswith("{"):
            prefix, name = tag.split(":", 1)
            if prefix.lower() in KNOWN and name and ":" not in name:
                element.tag = f"{{{KNOWN[prefix.lower()]}}}{name}"
    return root
