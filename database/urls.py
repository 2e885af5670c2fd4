"""Database addresses as SQLAlchemy wants them."""


def with_driver(url: str) -> str:
    """`postgres://` and `postgresql://` with the psycopg2 driver named (SQLAlchemy's default
    driver for the bare scheme is another one)."""
    scheme, separator, rest = url.partition("://")
    if scheme in ("postgres", "postgresql"):
        return f"postgresql+psycopg2{separator}{rest}"
    return url
