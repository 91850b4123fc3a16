"""How tokens are made and kept: as a hash that is of no use to whoever reads the database."""

import secrets
from hashlib import sha256

LETTERS = "23456789abcdefghjkmnpqrstvwxyz"  # none is taken for another


def digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


def one_time_words() -> str:
    """To be read off a screen and typed: four times four letters, 78 bits."""
    return "-".join("".join(secrets.choice(LETTERS) for _ in range(4)) for _ in range(4))
