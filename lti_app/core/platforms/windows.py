"""Which messages a product's pages take from a frame (postMessage); others are left in peace.

Source: LTI Client Side postMessages 1.0; Canvas's list is its own (CANVAS-7). None was confirmed
on a live platform but the silence of Moodle (moodle.md 4).
"""

from collections.abc import Mapping

FRAME_RESIZE = "lti.frameResize"

WINDOW_MESSAGES: Mapping[str, tuple[str, ...]] = {
    "canvas": (
        FRAME_RESIZE,
        "lti.fetchWindowSize",
        "lti.showModuleNavigation",
        "lti.scrollToTop",
        "lti.setUnloadMessage",
        "lti.removeUnloadMessage",
    ),
    "brightspace": (FRAME_RESIZE,),
    "sakai": (FRAME_RESIZE,),
}
"""By family code; a product that is not here is sent nothing."""
