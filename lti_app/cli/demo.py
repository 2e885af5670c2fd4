"""The demo tenant: people, packages, the Demo LMS as a platform; loading it twice is fine."""

from lti_app.config import Config


def load_demo(config: Config) -> None:
    """Load what is missing of the demo material into the tenant DEFAULT_TENANT."""
