"""The certificate that a server speaks https with, read before anything is opened."""

from __future__ import annotations

import ssl

from deskapp.errors import ConfigError


def tls_context(certfile: str, keyfile: str, *, certfile_origin: str, keyfile_origin: str) -> ssl.SSLContext | None:
    """The context of a server with this certificate; None without one.

    Args:
        certfile: Certificate chain in PEM format, or empty.
        keyfile: Its private key, if that is in a file of its own, or empty.
        certfile_origin: Where the first came from, for the error.
        keyfile_origin: Where the second came from.

    Raises:
        ConfigError: They cannot be read, do not belong together, or there is a key without a certificate.
    """
    if not certfile:
        if keyfile:
            why = "a key needs its certificate, 'ssl_certfile'."
            raise ConfigError("ssl_keyfile", keyfile, origin=keyfile_origin, why=why)
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(certfile, keyfile or None)
    except OSError as error:  # ssl's own errors are of this kind
        why = f"certificate and key ({keyfile or 'in the same file'!r}) cannot be read: {error}"
        raise ConfigError("ssl_certfile", certfile, origin=certfile_origin, why=why) from error
    return context
