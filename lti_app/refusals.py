"""What services and the core say when they refuse something, for the catalogues.

They know no languages: they raise a name with an English sentence. Here each of these sentences is
listed, so that it is collected and translated; a test finds those that are missing.
"""

from flask_babel import gettext
from flask_babel import lazy_gettext as _l

from lti_app.core.worded import Worded

SENTENCES = (
    _l("There is no such course."),
    _l("There is no such grade."),
    _l("There is no conflict to settle."),
    _l("Only a learner's grade is sent to the platform."),
    _l("The platform keeps no grade for this activity."),
    _l("There is no final grade yet."),
    _l("There is no such resource link."),
    _l("There is no such request."),
    _l("There is no such work."),
    _l("There is no such page."),
    _l("There is no such launch."),
    _l("There is no such link."),
    _l("There is no such report."),
    _l("This report is over: ask whoever sent you the link for a new one."),
    _l("There is no such job."),
    _l("There is no file to fetch (any more)."),
    _l("This link was used before, or the file is gone. Ask for a new one."),
    _l("This is not a link that we made."),
    _l("This link is over. Ask for a new one."),
    _l("There is no such registration."),
    _l("There is no such deployment."),
    _l("There is no such registration link."),
    _l("There is no such person."),
    _l("“%(title)s” cannot be played yet."),
    _l("Choose when line items are made."),
    _l("Hours must be between 0 and 8760."),
    _l("Choose when administrators are told about grades that fail."),
    _l("%(address)s is no e-mail address."),
    _l("Somebody with the address %(address)s exists already."),
    _l("A password has %(least)s to %(most)s characters."),
    _l("This is one word, as the platform shows it."),
    _l("%(value)s is no address of the web."),
    _l(
        "This is an address with https:// (http:// only on this machine, and with the setting "
        "PRIVATE_PLATFORMS on an intranet)."
    ),
    _l("This is one of %(known)s."),
    _l("This is a number from 0 to %(most)s."),
    _l("A deployment id has 1 to 255 characters."),
    _l("This is missing."),
    _l("All attempts that are allowed were made."),
    _l("Nothing is corrected in this attempt."),
    _l("Only the newest attempt can be started over."),
    _l("This attempt was set aside; its result no longer counts."),
    _l("This is a preview; its result counts nowhere."),
    _l("Change at least one of the three values."),
    _l("The score is a number from 0 to 100."),
    _l("Say why: the reason is kept with the change."),
)


def say(error: Exception) -> str:
    """An error's message in the visitor's language."""
    if isinstance(error, Worded):
        return str(gettext(error.template, **error.values))
    return str(gettext(str(error)))
