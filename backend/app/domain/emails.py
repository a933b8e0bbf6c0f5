import unicodedata

MAX_EMAIL_LENGTH = 254


def canonical_email(address: str) -> str:
    """The one spelling under which an address is stored and looked up.

    `lower` after `casefold`, because folding turns some small letters (Cherokee) into capitals and the stored address
    must be its own lower case.

    Raises:
        ValueError: If the canonical spelling is longer than an address may be.
    """
    canonical = unicodedata.normalize("NFC", address.casefold().lower())
    if len(canonical) > MAX_EMAIL_LENGTH:
        raise ValueError(f"longer than {MAX_EMAIL_LENGTH} characters")
    return canonical


def local_part(address: str) -> str:
    return address.partition("@")[0]
