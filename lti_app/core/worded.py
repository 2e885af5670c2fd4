"""Refusals that people read: a template for the catalogues of other languages, and its values."""


class Worded(Exception):
    """`template` with the named `values` is the message; pages look the template up
    (lti_app/refusals.py), commands and logs show it as it is."""

    def __init__(self, template: str, **values: object) -> None:
        self.template, self.values = template, values
        super().__init__(template % values if values else template)
