"""Whom a TLS connection trusts: the system's authorities, or a file the shop names; never the environment.

``SSL_CERT_FILE`` and ``SSL_CERT_DIR`` are set by other programs for themselves. Whoever can set them could
read every till's token; truststore, like OpenSSL, obeys them on Linux.
"""

from __future__ import annotations

import ssl
import sys
from pathlib import Path

import truststore

from cashier_app.errors import KnownError

_BUNDLES = (
    "/etc/ssl/certs/ca-certificates.crt",  # Debian, Ubuntu, Arch
    "/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem",  # Fedora, RHEL
    "/etc/pki/tls/cert.pem",  # older Fedora and RHEL
    "/etc/ssl/ca-bundle.pem",  # SUSE
    "/etc/ssl/cert.pem",  # Alpine, BSD
)
UNREADABLE = "The list of trusted certificates cannot be read. Install ca-certificates again."


def tls_context(authorities: Path | None = None) -> ssl.SSLContext:
    """Return the one context for all connections: certificates and host names checked, TLS 1.2 or newer.

    Raises:
        KnownError: The file of authorities, or the system's own, cannot be read.
    """
    if authorities is not None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            context.load_verify_locations(cafile=authorities)
        except OSError as error:
            raise KnownError("The file of certificate authorities cannot be read.") from error
    elif sys.platform == "win32" or sys.platform == "darwin":
        context = truststore.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    else:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        try:
            _load_system_bundle(context)
        except OSError as error:  # also what OpenSSL cannot read as certificates
            raise KnownError(UNREADABLE) from error
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    return context


def _load_system_bundle(context: ssl.SSLContext) -> None:
    # What OpenSSL was built with comes first; a Python with its own OpenSSL often names a place nobody has.
    built_in = ssl.get_default_verify_paths()
    for bundle in (built_in.openssl_cafile, *_BUNDLES):
        if Path(bundle).is_file():
            context.load_verify_locations(cafile=bundle)
            return
    if Path(built_in.openssl_capath).is_dir():
        context.load_verify_locations(capath=built_in.openssl_capath)
