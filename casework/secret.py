"""How tokens are kept: as a hash that is of no use to whoever reads the database."""

from hashlib import sha256


def digest(token: str) -> str:
    return sha256(token.encode("utf-8", "surrogatepass")).hexdigest()
