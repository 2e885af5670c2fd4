"""A package that is not taken in: the one base of all reasons."""


class PackageRefused(Exception):
    """A refusal says what is wrong, where, and how to mend it; nothing of the package is kept.

    Subclasses set `code` (stable name of the reason), `says` and `mend` (sentences).
    """

    code = "package_refused"
    says = "The package cannot be used."
    mend = "Export the package again and upload the new file."
    status_hint = 422

    def __init__(self, subject: str = "", detail: str = "") -> None:
        self.subject = printable(subject)
        """The file, entry or element it is about; empty when it is the whole."""
        self.detail = detail
        text = f"{self.subject}: {self.says}" if self.subject else self.says
        self.message = f"{text} ({detail}) {self.mend}" if detail else f"{text} {self.mend}"
        super().__init__(self.message)


def printable(text: str, length: int = 120) -> str:
    """Somebody else's text as it is safe to show: nothing invisible, not endless."""
    shown = "".join(c if c.isprintable() else f"\\x{ord(c):02x}" for c in text[:length])
    return shown + "…" if len(text) > length else shown
