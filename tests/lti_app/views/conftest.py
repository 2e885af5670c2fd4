"""A teacher who chooses content, for tests of pages in a platform's frame."""

from tests.lti_app.teacher import teacher  # noqa: F401
