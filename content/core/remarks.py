"""What is said about things and shown later: in English, with its template and its values apart, so
that pages can say it in the visitor's language."""


class Remark(str):
    """A sentence; as a text it is the English one."""

    __slots__ = ("template", "values")
    template: str
    values: dict[str, object]

    def __new__(cls, template: str, **values: object) -> "Remark":
        made = super().__new__(cls, template % values if values else template)
        made.template, made.values = template, values
        return made
