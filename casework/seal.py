"""How casework keeps what only few may read: AES-GCM under a key derived from the installation's secret."""

import hmac
import os
from base64 import urlsafe_b64decode, urlsafe_b64encode

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from casework.errors import Unreadable

NONCE = 12


class Seal:
    """`key_id` tells two secrets apart and gives neither away."""

    def __init__(self, secret: str) -> None:
        self._cipher = AESGCM(_derived(secret, b"casework: sealed text"))
        self._names = _derived(secret, b"casework: what is looked up")
        self.key_id = _derived(secret, b"casework: name of the key")[:8].hex()

    def close(self, text: str, about: str) -> str:
        """`about` names the row: what was sealed for one is not opened in the place of another."""
        nonce = os.urandom(NONCE)
        return urlsafe_b64encode(nonce + self._cipher.encrypt(nonce, text.encode(), about.encode())).decode("ascii")

    def open(self, sealed: str, about: str) -> str:
        """Raises: Unreadable."""
        whole = urlsafe_b64decode(sealed)
        try:
            return self._cipher.decrypt(whole[:NONCE], whole[NONCE:], about.encode()).decode()
        except InvalidTag:
            raise Unreadable(about) from None

    def name(self, text: str) -> str:
        """The same for the same text, to be found by, and of no use without the secret."""
        return hmac.digest(self._names, text.encode(), "sha256").hex()


def place(conversation_id: str, seq: int) -> str:
    """How a message is named in a seal and in the audit."""
    return f"{conversation_id}#{seq}"


def address_of(conversation_id: str) -> str:
    """How the address of a push channel is named in a seal."""
    return f"address {conversation_id}"


def found_by(seal: Seal, channel: str, address: str) -> str:
    """What stands in the place of an address that is looked up."""
    return seal.name(f"{channel} {address}")


def _derived(secret: str, purpose: bytes) -> bytes:
    return HKDF(SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())
