"""LTI: keys that rotate, storage binding, shared launch reports."""

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    pass


def downgrade() -> None:
    pass
