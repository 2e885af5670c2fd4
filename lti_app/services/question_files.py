"""Files of questions, zips among them: opened with the care that packages of strangers need."""

from io import BytesIO

from content.core.quiz.exchange import formats
from content.core.quiz.exchange.qti_package import (
    QTI_FORMS,
    read_qti_package,
    write_qti_package,
)
from content.core.quiz.exchange.report import FileUnreadable, Imported
from content.core.quiz.questions import Question
from content.core.remarks import Remark
from lti_app.services.folder_files import write_zip
from scorm_runtime.core.archive.errors import ArchiveRefused
from scorm_runtime.core.archive.limits import MIB, ArchiveLimits
from scorm_runtime.core.archive.members import open_archive, read_member

FORMATS = formats.FORMATS | dict.fromkeys(QTI_FORMS, "zip")
"""What can be written, and the ending of its files."""
LIMITS = ArchiveLimits(
    max_zip_bytes=formats.LARGEST,
    max_total_bytes=20 * MIB,
    max_file_bytes=2 * MIB,
    max_files=2000,
    max_directory_bytes=MIB,
    ratio_free_bytes=MIB,
)
_READ = (".xml",)


def read_questions(name: str, data: bytes) -> Imported:
    """Questions of a file of any format; raises FileUnreadable."""
    if not data.startswith(b"PK"):
        return formats.read_file(name, data)
    file = BytesIO(data)
    try:
        files = {
            member.path: b"".join(read_member(file, member))
            for member in open_archive(file, LIMITS).members
            if member.path.lower().endswith(_READ)
        }
    except ArchiveRefused as refused:
        raise FileUnreadable("This zip cannot be used: %(fault)s", fault=str(refused)) from None
    return read_qti_package(files)


def write_questions(form: str, questions: list[Question]) -> tuple[bytes, list[tuple[str, Remark]]]:
    """(file, what it does not tell); `form` is one of FORMATS."""
    if form not in QTI_FORMS:
        return formats.write_file(form, questions)
    files, left_out = write_qti_package(form, questions)
    return write_zip(files), left_out
