"""Setting a platform up by hand: each product's steps in the words of its own pages.

A step names the fields of a screen and what goes into each: a fact of `Facts` to copy, or a choice
to make there (D2L-4, MOODLE-17, BB-3).
"""

from dataclasses import dataclass, field

from flask_babel import lazy_gettext as _l

from lti_app.core.lti.tool_description import SCOPES, Tool


@dataclass(frozen=True)
class Step:
    """One screen: where it is, what to copy into which field, what to choose."""

    where: object
    copies: tuple[tuple[str, str], ...] = ()
    """(the field as the product calls it, a key of `facts`)."""
    choices: tuple[tuple[str, str], ...] = ()
    """(the field, the choice), both as the product calls them."""
    notes: tuple[object, ...] = field(default=())


def facts(tool: Tool, config_url: str, custom: dict[str, str]) -> dict[str, str]:
    """Every value that a platform may ask for, by the names that the steps use."""
    return {
        "name": tool.name,
        "description": tool.description,
        "domain": tool.domain,
        "launch": tool.launch_url,
        "login": tool.login_url,
        "jwks": tool.jwks_url,
        "logo": tool.logo_url,
        "config": config_url,
        "scopes": " ".join(SCOPES),
        "custom": "\n".join(f"{name}={value}" for name, value in custom.items()),
    }


STEPS: dict[str, tuple[Step, ...]] = {
    "canvas": (
        Step(
            _l("Canvas: Admin › your account › Developer Keys › + Developer Key › + LTI Key"),
            copies=(("Redirect URIs", "launch"), ("JSON URL", "config")),
            choices=(("Method", "Enter URL"),),
            notes=(
                _l("Canvas reads everything else from the JSON address when you save."),
                _l("Switch the key on: State › On. Copy the long number under Details."),
            ),
        ),
        Step(
            _l("Canvas: Admin › Settings › Apps › View App Configurations › + App"),
            choices=(("Configuration Type", "By Client ID"), ("Client ID", "…")),
            notes=(_l("The Deployment Id is in the app's own menu (gear), once it is installed."),),
        ),
    ),
    "moodle": (
        Step(
            _l(
                "Moodle: Site administration › Plugins › Activity modules › External tool › "
                "Manage tools › configure a tool manually"
            ),
            copies=(
                ("Tool name", "name"),
                ("Tool URL", "launch"),
                ("Public keyset", "jwks"),
                ("Initiate login URL", "login"),
                ("Redirection URI(s)", "launch"),
                ("Content Selection URL", "launch"),
                ("Custom parameters", "custom"),
            ),
            choices=(
                ("LTI version", "LTI 1.3"),
                ("Public key type", "Keyset URL"),
                (
                    "Tool configuration usage",
                    "Show in activity chooser and as a preconfigured tool",
                ),
                ("Default launch container", "Embed, without blocks"),
                ("Supports Deep Linking (Content-Item Message)", "✓"),
            ),
        ),
        Step(
            _l("On the same page: Services and Privacy"),
            choices=(
                (
                    "IMS LTI Assignment and Grade Services",
                    "Use this service for grade sync and column management",
                ),
                (
                    "IMS LTI Names and Role Provisioning",
                    "Use this service to retrieve members' information as per privacy settings",
                ),
                ("Share launcher's name with tool", "Always"),
                ("Share launcher's email with tool", "Always"),
                ("Accept grades from the tool", "Always"),
            ),
            notes=(
                _l(
                    "Moodle itself must be served over https with secure cookies: Site "
                    "administration › General › Security › HTTP security › Secure cookies only. "
                    "Otherwise nobody stays signed in inside the frame."
                ),
            ),
        ),
        Step(
            _l("Save. In the list of tools: the sign “View configuration details” of the new tool"),
            notes=(_l("It shows the Client ID and the Deployment ID."),),
        ),
    ),
    "blackboard": (
        Step(
            _l("developer.blackboard.com › My Applications › Register a REST or LTI application"),
            copies=(
                ("Application Name", "name"),
                ("Description", "description"),
                ("Domain(s)", "domain"),
                ("Login Initiation URL", "login"),
                ("Tool Redirect URL(s)", "launch"),
                ("Tool JWKS URL", "jwks"),
                ("Custom Parameters", "custom"),
            ),
            choices=(("My integration supports LTI 1.3", "✓"), ("Signing Algorithm", "RS256")),
            notes=(
                _l("Two applications cannot have the same domain."),
                _l("Copy the Application ID: it is the client id. Each school enters it."),
            ),
        ),
        Step(
            _l(
                "Each school: Administrator Panel › Integrations › LTI Tool Providers › "
                "Register LTI 1.3/Advantage Tool"
            ),
            choices=(
                ("Client ID", "…"),
                ("Tool Status", "Approved"),
                ("User Fields to Send", "Role in Course, Name, Email Address"),
                ("Allow grade service access", "Yes"),
                ("Allow Membership Service Access", "Yes"),
            ),
            notes=(_l("Copy the Deployment ID that it shows: it says which school it is."),),
        ),
        Step(
            _l("LTI Tool Providers › the tool › Manage Placements › Create Placement"),
            copies=(("Tool Provider URL", "launch"),),
            choices=(("Type", "Deep Linking content tool"), ("Availability", "Yes")),
        ),
    ),
    "brightspace": (
        Step(
            _l("Brightspace: Admin Tools › Manage Extensibility › LTI Advantage › Register Tool"),
            copies=(
                ("Name", "name"),
                ("Description", "description"),
                ("Domain", "domain"),
                ("Redirect URLs", "launch"),
                ("OpenID Connect Login URL", "login"),
                ("Target Link URI", "launch"),
                ("Keyset URL", "jwks"),
                ("Substitution Parameters", "custom"),
            ),
            choices=(
                ("Registration", "Standard"),
                (
                    "Extensions",
                    "Assignment and Grade Services, Deep Linking, Names and Role Provisioning "
                    "Services, Submission Review",
                ),
            ),
            notes=(_l("After saving it shows the Client Id. Switch the registration on."),),
        ),
        Step(
            _l("View Deployments › New Deployment"),
            choices=(
                ("Tool", "…"),
                ("Enabled", "✓"),
                ("Extensions", "✓ ✓ ✓ ✓"),
                (
                    "Security Settings",
                    "Org Unit Information, User Information (First Name, Last Name, Email), "
                    "Link Information",
                ),
                ("Add Org Units", "…"),
            ),
            notes=(
                _l(
                    "Without Org Unit Information there is no course, so no grade and no roster; "
                    "without User Information there are no names. Copy the Deployment Id."
                ),
            ),
        ),
        Step(
            _l("View Links › New Link"),
            copies=(("Name", "name"), ("URL", "launch")),
            choices=(("Type", "Deep Linking Quicklink"),),
        ),
    ),
    "sakai": (
        Step(
            _l("Sakai: Administration Workspace › External Tools › Install LTI 1.3 Tool"),
            copies=(
                ("Tool Title", "name"),
                ("Launch URL", "launch"),
                ("LTI 1.3 Tool OpenID Connect/Initialization Endpoint", "login"),
                ("LTI 1.3 Tool Redirect Endpoint", "launch"),
                ("LTI 1.3 Tool Keyset URL", "jwks"),
                ("Custom", "custom"),
            ),
            choices=(
                ("Tool Supports LTI 1.3", "✓"),
                ("Send User Names to External Tool", "✓"),
                ("Send Email Addresses to External Tool", "✓"),
                ("Allow External Tool to return grades", "✓"),
                ("Allow External Tool to create grade columns", "✓"),
                ("Provide Roster to External Tool", "✓"),
                ("The tool can receive a Content-Item or Deep-Link launch", "✓"),
            ),
        ),
        Step(
            _l("Save, then click on the name of the tool"),
            notes=(
                _l("It shows the LTI 1.3 Client ID, the Deployment ID and the Platform addresses."),
            ),
        ),
    ),
    "generic": (
        Step(
            _l("Where your platform registers an LTI 1.3 tool"),
            copies=(
                ("Tool URL, target link URI", "launch"),
                ("Initiate login URL, OpenID Connect login", "login"),
                ("Redirect URI", "launch"),
                ("Deep linking URL, content selection", "launch"),
                ("Public keyset, JWKS", "jwks"),
                ("Domain", "domain"),
                ("Scopes", "scopes"),
                ("Custom parameters", "custom"),
                ("Icon", "logo"),
            ),
            choices=(
                ("Version", "LTI 1.3"),
                ("Signature", "RS256"),
                ("Launch", "iframe"),
            ),
            notes=(
                _l("Allow it names and e-mail addresses, the grade service and the roster."),
                _l("It then shows its issuer, the client id, a deployment id and three addresses."),
            ),
        ),
    ),
}
"""By family code."""
