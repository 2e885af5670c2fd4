"""Agents and groups (xAPI 1.0.3 Data 2.4.2; 2.0 4.2.2.1): are they valid, who are they. XP-39"""

from collections.abc import Iterator
from typing import Any

from xapi_lrs.core import rx
from xapi_lrs.core.checks import check_iri, check_object, check_string
from xapi_lrs.core.problems import JsonObject, Problems
from xapi_lrs.core.requirements import GROUP_IDENTIFIERS as GROUP_RULE
from xapi_lrs.core.requirements import IDENTIFIERS as IDENTIFIERS_RULE

IDENTIFIERS = ("mbox", "mbox_sha1sum", "openid", "account")
"""The inverse functional identifiers; exactly one identifies an agent."""

AGENT = frozenset(("objectType", "name", *IDENTIFIERS))
GROUP = AGENT | {"member"}
ACCOUNT = frozenset(("homePage", "name"))


def check_actor(actor: Any, path: str, problems: Problems) -> None:
    """An Agent or a Group, by its objectType; an Agent when it has none."""
    if type(actor) is dict and actor.get("objectType") == "Group":
        check_group(actor, path, problems)
    else:
        check_agent(actor, path, problems)


def check_agent(agent: Any, path: str, problems: Problems) -> None:
    if not check_object(agent, AGENT, path, problems, "an Agent"):
        return
    if agent.get("objectType", "Agent") != "Agent":
        problems(f"{path}.objectType", "XP-39", "must be Agent or Group, written exactly so")
    _check_identifiers(agent, path, problems, required=True)


def check_group(group: Any, path: str, problems: Problems) -> None:
    """Identified by one identifier, or anonymous and then with members."""
    if not check_object(group, GROUP, path, problems, "a Group"):
        return
    if group.get("objectType") != "Group":
        problems(f"{path}.objectType", "XP-39", "must be Group")
    _check_identifiers(group, path, problems, required=False)
    if "member" not in group:
        if not any(key in group for key in IDENTIFIERS):
            message = "is missing: an anonymous Group is its members"
            problems(f"{path}.member", "XP-39", message, GROUP_RULE)
        return
    member = group["member"]
    if type(member) is not list:
        problems(f"{path}.member", "XP-39", "must be an array of Agents")
        return
    for index, one in enumerate(member):
        if type(one) is dict and one.get("objectType") == "Group":
            problems(f"{path}.member[{index}]", "XP-39", "a Group must not contain Groups")
        else:
            check_agent(one, f"{path}.member[{index}]", problems)


def check_authority(authority: Any, path: str, problems: Problems) -> None:
    """An Agent, or an anonymous Group of exactly two (1.0.3 Data 2.4.9). XP-40"""
    check_actor(authority, path, problems)
    if type(authority) is not dict or authority.get("objectType") != "Group":
        return
    member = authority.get("member")
    anonymous = not any(key in authority for key in IDENTIFIERS)
    if not anonymous or type(member) is not list or len(member) != 2:
        problems(path, "XP-40", "a Group as authority must be anonymous with exactly two members")


def _check_identifiers(actor: JsonObject, path: str, problems: Problems, *, required: bool) -> None:
    given = [key for key in IDENTIFIERS if key in actor]
    if len(given) > 1:
        message = f"has more than one identifier: {', '.join(given)}"
        problems(path, "XP-39", message, IDENTIFIERS_RULE if required else GROUP_RULE)
    elif not given and required:
        message = "needs one of mbox, mbox_sha1sum, openid, account"
        problems(path, "XP-39", message, IDENTIFIERS_RULE)
    check_string(actor, "name", path, problems)
    for key in given:
        _IDENTIFIER_CHECKS[key](actor, path, problems)


def _check_mbox(actor: JsonObject, path: str, problems: Problems) -> None:
    must = "must be an e-mail address as mailto:name@domain"
    check_string(actor, "mbox", path, problems, check=rx.is_mailto, must=must, rule="XP-39")


def _check_sha1(actor: JsonObject, path: str, problems: Problems) -> None:
    must = "must be 40 hexadecimal digits"
    check_string(actor, "mbox_sha1sum", path, problems, check=rx.is_sha1, must=must, rule="XP-39")


def _check_openid(actor: JsonObject, path: str, problems: Problems) -> None:
    check_iri(actor, "openid", path, problems)


def _check_account(actor: JsonObject, path: str, problems: Problems) -> None:
    account, path = actor["account"], f"{path}.account"
    if check_object(account, ACCOUNT, path, problems, "an account"):
        check_iri(account, "homePage", path, problems, required=True)
        check_string(account, "name", path, problems, required=True, rule="XP-39")


_IDENTIFIER_CHECKS = {
    "mbox": _check_mbox,
    "mbox_sha1sum": _check_sha1,
    "openid": _check_openid,
    "account": _check_account,
}


def canonical_mbox(mbox: str) -> str:
    """The domain of an e-mail address has no case (1.0.3 Data 2.3.1)."""
    local, _, domain = mbox.rpartition("@")
    return f"{local}@{domain.lower()}"


def identify(actor: JsonObject) -> str | None:
    """One text per person or identified group; None for an anonymous group.

    Agents are equal when the same identifier has the same value (1.0.3 Communication 2.1.3); an
    mbox and its own sha1sum are two identities.
    """
    if "account" in actor:
        account = actor["account"]
        return f"account {account['homePage']} {account['name']}"
    if "mbox" in actor:
        return canonical_mbox(actor["mbox"])
    if "mbox_sha1sum" in actor:
        return f"sha1 {actor['mbox_sha1sum'].lower()}"
    if "openid" in actor:
        return f"openid {actor['openid']}"
    return None


def identities(actor: JsonObject) -> Iterator[str]:
    """The identity of `actor` and those of its members."""
    own = identify(actor)
    if own is not None:
        yield own
    for member in actor.get("member", ()):
        yield from identities(member)
