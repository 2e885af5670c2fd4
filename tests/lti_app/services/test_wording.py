"""Catalogues as programs read them."""

import pytest

from lti_app.services import wording

ARABIC = wording.SOURCES / "ar" / "LC_MESSAGES" / "messages.po"


def test_names_stand_apart_where_people_read_from_the_right(tmp_path):
    """ "House plants" in an Arabic sentence keeps its order and its marks. UAX 9, 2.5"""
    made = tmp_path / "ar" / "LC_MESSAGES" / "messages.mo"
    wording._compile(ARABIC, made)
    with made.open("rb") as file:
        catalogue = wording.Translations(file)
    said = catalogue.ugettext("You are enrolled in “%(course)s”") % {"course": "House plants"}
    assert "\u2068House plants\u2069" in said


def test_paper_gets_none_of_the_signs_that_steer_the_direction():
    """Fonts of certificates have no shape for them."""
    said = wording.say("ar", "Result: %(score)s of 100", score="90")
    assert "90" in said
    assert not {"\u2068", "\u2069"} & set(said)


@pytest.mark.parametrize(
    ("number", "said"), [(2, "عضوان"), (3, "3 أعضاء"), (11, "11 عضوًا"), (100, "100 عضو")]
)
def test_arabic_counts_in_six_forms(tmp_path, number, said):
    """zero, one, two, few (3 to 10), many (11 to 99), other; Unicode CLDR, language plural rules"""
    made = tmp_path / "ar" / "LC_MESSAGES" / "messages.mo"
    wording._compile(ARABIC, made)
    with made.open("rb") as file:
        catalogue = wording.Translations(file)
    words = catalogue.ungettext("One member", "%(num)s members", number) % {"num": number}
    assert words.replace("\u2068", "").replace("\u2069", "") == said


def test_no_french_line_begins_with_a_colon(tmp_path):
    """Spaces inside «…» and before : ; ! ? do not break; in catalogues they are typed as usual."""
    made = tmp_path / "fr" / "LC_MESSAGES" / "messages.mo"
    wording._compile(wording.SOURCES / "fr" / "LC_MESSAGES" / "messages.po", made)
    with made.open("rb") as file:
        said = wording.Translations(file).ugettext("“%(title)s” cannot be played yet.")
    assert said.startswith("«\u00a0%(title)s\u00a0»")
