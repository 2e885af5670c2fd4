"""What the scopes of a key mean, for people."""

from flask_babel import lazy_gettext as _l

SCOPE_LABELS = {
    "statements/write": _l("send statements"),
    "statements/read/mine": _l("read the statements that it sent itself"),
    "statements/read": _l("read all statements"),
    "state": _l("keep and read what content remembers of a learner (state)"),
    "profile": _l("keep and read documents of activities and people (profiles)"),
    "define": _l("change what the store knows of activities"),
    "all/read": _l("read everything"),
    "all": _l("everything"),
}
