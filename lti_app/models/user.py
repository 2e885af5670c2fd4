"""People, and how a platform's (issuer, subject) leads to one of them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Computed, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from database.base import Model
from lti_app.core.permissions import Role

_ROLES = ", ".join(f"'{role.value}'" for role in Role)


class User(Model):
    __tablename__ = "app_user"
    __table_args__ = (
        CheckConstraint(f"role IN ({_ROLES})", name="role"),
        Index("uq_app_user_email", "tenant_id", "email_key", unique=True),
    )

    email: Mapped[str | None]
    """Sign-in name on the portal; unique per tenant whatever the case. LTI users may have none."""
    email_key: Mapped[str | None] = mapped_column(Computed("lower(email)", persisted=True))
    """What people are looked up by: under row-level security PostgreSQL does not look into an index
    of `lower(email)`, because that function is not known to keep secrets (not leakproof)."""
    password_hash: Mapped[str | None]
    """Argon2id; none: this person cannot sign in with a password."""
    given_name: Mapped[str] = mapped_column(default="")
    family_name: Mapped[str] = mapped_column(default="")
    display_name: Mapped[str] = mapped_column(default="")
    """What pages show; a pseudonym where a platform sends no name."""
    role: Mapped[str] = mapped_column(default=Role.LEARNER.value)
    """One of `lti_app.core.permissions.Role`: what this person may do on the portal."""
    locale: Mapped[str | None]
    """BCP 47 tag chosen by the person; none: the browser's."""
    is_active: Mapped[bool] = mapped_column(default=True, server_default="true")
    failed_sign_ins: Mapped[int] = mapped_column(default=0, server_default="0")
    """Since the last success; at the limit of the settings the account is locked for a while."""
    locked_until: Mapped[datetime | None]
    last_sign_in_at: Mapped[datetime | None]

    @property
    def sortable_name(self) -> str:
        """ "Family, Given" where both are known (SCORM RTE 1.2 3.4.3.1, cmi.core.student_name)."""
        if self.family_name and self.given_name:
            return f"{self.family_name}, {self.given_name}"
        return self.display_name or self.family_name or self.given_name


class LtiIdentity(Model):
    __tablename__ = "lti_identity"
    __table_args__ = (UniqueConstraint("tenant_id", "issuer", "subject"),)

    user_id: Mapped[UUID] = mapped_column(ForeignKey("app_user.id", ondelete="CASCADE"), index=True)
    issuer: Mapped[str]
    """The platform, as in the id_token's `iss`."""
    subject: Mapped[str]
    """The platform's name for the person, as in `sub`; stable for one issuer."""
