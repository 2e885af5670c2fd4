"""Why native content said no."""


class ContentError(Exception):
    """Base of all of them; `status_hint` is what a page or an API answers."""

    status_hint = 400


class CourseInvalid(ContentError, ValueError):
    """The document is no course; `place` is where, as "modules.0.units.2.url". `template` with the
    named `values` is the message for catalogues of other languages."""

    status_hint = 422

    def __init__(self, place: str, template: str, **values: object) -> None:
        message = template % values if values else template
        super().__init__(f"{place}: {message}" if place else message)
        self.place, self.message = place, message
        self.template, self.values = template, values


class CourseMissing(ContentError, LookupError):
    """There is no such course, unit, enrolment …, or not for this person."""

    status_hint = 404


class DraftConflict(ContentError):
    """Somebody else has saved since; `changed_by` and `changed_at` say who and when."""

    status_hint = 409

    def __init__(self, message: str, *, revision: int, changed_by: object, changed_at: object):
        super().__init__(message)
        self.revision, self.changed_by, self.changed_at = revision, changed_by, changed_at


class NotAllowed(ContentError):
    """The rules of the course say no; `reason` is a code for the page."""

    status_hint = 409

    def __init__(self, reason: str, message: str) -> None:
        super().__init__(message)
        self.reason = reason
