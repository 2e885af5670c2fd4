"""Why native content said no."""


class ContentError(Exception):
    """Base of all of them; `status_hint` is what a page or an API answers. `template` with the
    named `values` is the message for catalogues of other languages."""

    status_hint = 400

    def __init__(self, template: str, **values: object) -> None:
        self.template, self.values = template, values
        self.message = template % values if values else template
        super().__init__(self.message)


class CourseInvalid(ContentError, ValueError):
    """The document is no course; `place` is where, as "modules.0.units.2.url"."""

    status_hint = 422

    def __init__(self, place: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.place = place

    def __str__(self) -> str:
        return f"{self.place}: {self.message}" if self.place else self.message


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

    def __init__(self, reason: str, template: str, **values: object) -> None:
        super().__init__(template, **values)
        self.reason = reason
