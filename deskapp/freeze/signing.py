"""Signatures: Authenticode on programs and installers for Windows, detached ones on anything, and ``SHA256SUMS``.

================  ===================================  ===============================================
signature         made by                              its password
================  ===================================  ===============================================
Authenticode      osslsigncode; PowerShell on Windows  ``DESKAPP_SIGN_PASSWORD``, else the keyring
``.minisig``      minisign                             ``DESKAPP_SIGN_KEY_PASSWORD``, else the keyring
``.asc``          gpg                                  the same, else gpg's own agent
================  ===================================  ===============================================

A password reaches the tool that needs it through a pipe, never by its command, which every user of a machine can read;
PowerShell gets it in its environment. ``signtool`` is not used: a ``.pfx``'s password is part of its command.

What macOS has instead is in `_mac_bundle.py`.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from deskapp.errors import BuildFailed, SpecError, VerifyFailed
from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers import Artifact
from deskapp.freeze.tools import Log, Tool

CERTIFICATE_VARIABLE = "DESKAPP_SIGN_CERTIFICATE"
"""Names a certificate that takes the place of the product's, as a build on a server has it."""

PASSWORD_VARIABLE = "DESKAPP_SIGN_PASSWORD"
KEY_PASSWORD_VARIABLE = "DESKAPP_SIGN_KEY_PASSWORD"
KEYRING_SERVICE = "deskapp"
CHECKSUMS = "SHA256SUMS"

OSSLSIGNCODE = Tool(
    "osslsigncode", "brew install osslsigncode" if sys.platform == "darwin" else "apt-get install osslsigncode"
)
MINISIGN = Tool("minisign", "brew install minisign" if sys.platform == "darwin" else "apt-get install minisign")
GPG = Tool("gpg", "brew install gnupg" if sys.platform == "darwin" else "apt-get install gpg")
POWERSHELL = Tool("powershell", "a part of Windows; is its folder on the path?")

# No tool needs to know them but the one that they are for.
_NO_PASSWORDS: Mapping[str, None] = {PASSWORD_VARIABLE: None, KEY_PASSWORD_VARIABLE: None}

_DIGEST = re.compile(r"(Current|Calculated) ([\w ]+?)\s*: ([0-9A-F]+)")
_MINISIGN_KEY = b"untrusted comment: minisign encrypted secret key"

# Values come by the environment, so that none of them is ever part of a program's text.
_SIGN_SCRIPT = """
$ErrorActionPreference = 'Stop'
$certificate = New-Object System.Security.Cryptography.X509Certificates.X509Certificate2(
    $env:SIGN_CERTIFICATE, $env:SIGN_PASSWORD)
$arguments = @{
    LiteralPath = $env:SIGN_FILE; Certificate = $certificate; HashAlgorithm = 'SHA256'; IncludeChain = 'NotRoot'
}
if ($env:SIGN_TIMESTAMP) { $arguments.TimestampServer = $env:SIGN_TIMESTAMP }
$signature = Set-AuthenticodeSignature @arguments
if (-not $signature.SignerCertificate) { throw $signature.StatusMessage }
"""
_VERIFY_SCRIPT = """
$signature = Get-AuthenticodeSignature -LiteralPath $env:SIGN_FILE
Write-Output "$($signature.Status): $($signature.StatusMessage)"
switch ($signature.Status) { 'Valid' { exit 0 } 'NotTrusted' { exit 3 } 'UnknownError' { exit 3 } default { exit 1 } }
"""
_NOT_TRUSTED = 3


@dataclass(frozen=True)
class Authenticode:
    """How programs and installers for Windows are signed.

    Attributes:
        certificate: ``.pfx`` or ``.p12`` with certificate and key, or ``.pem`` with both.
        timestamp_url: Of an authority that speaks RFC 3161; empty: the signature ends with its certificate.
        description: What Windows shows when it asks whether to run a file.
        homepage: Likewise.
    """

    certificate: Path
    timestamp_url: str = ""
    description: str = ""
    homepage: str = ""

    @classmethod
    def of(cls, spec: FreezeSpec) -> Authenticode | None:
        """As the environment or else the product has it; None if it is not to be signed."""
        certificate = _certificate(spec)
        if certificate is None:
            return None
        return cls(certificate, spec.windows.timestamp_url, spec.name, spec.homepage)

    def sign(self, file: Path, *, log: Log) -> bool:
        """Sign `file` where it is, and verify that.

        Args:
            file: An ``.exe``, ``.dll`` or ``.msi``; as it was if anything goes wrong.
            log: Gets what the tools print.

        Returns:
            Whether this machine knows who issued the certificate; a self-made one it does not.

        Raises:
            SpecError: There is no such certificate, or its password is missing.
            BuildFailed: The password is wrong, or the file is none that can be signed.
            VerifyFailed: It was signed, but the signature does not hold.
            ToolMissing: There is nothing to sign with.
        """
        if not self.certificate.is_file():
            raise SpecError("windows.certificate", f"there is no file {str(self.certificate)!r}")
        secret = password(PASSWORD_VARIABLE, self.certificate.name)
        if secret is None and b"ENCRYPTED" in self.certificate.read_bytes():
            raise self._no_password()
        try:
            if _by_powershell():
                self._sign_by_powershell(file, secret or "", log)
            else:
                self._sign_by_osslsigncode(file, secret, log)
        except BuildFailed as error:
            if secret is None:
                raise self._no_password() from error
            raise
        return verify(file, authority=self.certificate if self._is_pem else None, log=log)

    @property
    def _is_pem(self) -> bool:
        return self.certificate.suffix.lower() not in (".pfx", ".p12")

    def _no_password(self) -> SpecError:
        name = self.certificate.name
        return SpecError(
            "windows.certificate",
            f"{name!r} does not open without a password. Set the environment variable {PASSWORD_VARIABLE}, or keep it "
            f"with: keyring set {KEYRING_SERVICE} {name}",
        )

    def _sign_by_osslsigncode(self, file: Path, secret: str | None, log: Log) -> None:
        signed = file.with_name(f".{file.name}.signed")
        signed.unlink(missing_ok=True)
        try:
            OSSLSIGNCODE.run(
                *self.arguments(file, signed, with_password=secret is not None),
                stage="sign",
                env=_NO_PASSWORDS,
                log=log,
                secrets=[secret] if secret else [],
                stdin=f"{secret or ''}\n",
            )
            signed.chmod(file.stat().st_mode)
            signed.replace(file)
        finally:
            signed.unlink(missing_ok=True)

    def arguments(self, file: Path, signed: Path, *, with_password: bool) -> tuple[str, ...]:
        """Of osslsigncode, which reads the password from its standard input."""
        known = str(self.certificate)
        words = ["sign", *(("-certs", known, "-key", known) if self._is_pem else ("-pkcs12", known))]
        if with_password or not self._is_pem:
            # Versions before 2.4 know no "-" for it.
            words += ["-readpass", "-" if sys.platform == "win32" else "/dev/stdin"]
        words += ["-h", "sha256"]
        if self.description:
            words += ["-n", self.description]
        if self.homepage:
            words += ["-i", self.homepage]
        if self.timestamp_url:
            words += ["-ts", self.timestamp_url]
        return (*words, "-in", str(file), "-out", str(signed))

    def _sign_by_powershell(self, file: Path, secret: str, log: Log) -> None:
        values = {
            "SIGN_CERTIFICATE": str(self.certificate),
            "SIGN_PASSWORD": secret,
            "SIGN_FILE": str(file),
            "SIGN_TIMESTAMP": self.timestamp_url,
        }
        env = {**_NO_PASSWORDS, **values}
        POWERSHELL.run(*_powershell(_SIGN_SCRIPT), stage="sign", env=env, log=log, secrets=[secret])


def verify(file: Path, *, authority: Path | None = None, log: Log) -> bool:
    """Check that a file is as it was when it was signed.

    Args:
        file: An ``.exe``, ``.dll`` or ``.msi``.
        authority: ``.pem`` with certificates to be trusted; None takes those that the machine trusts.
        log: Gets what the tools print.

    Returns:
        Whether whoever issued the certificate is trusted.

    Raises:
        VerifyFailed: It is not signed, or was changed since.
        ToolMissing: There is nothing to verify with.
    """
    lines: list[str] = []

    def keep(line: str) -> None:
        lines.append(line)
        log(line)

    try:
        if _by_powershell():
            env = {**_NO_PASSWORDS, "SIGN_FILE": str(file)}
            POWERSHELL.run(*_powershell(_VERIFY_SCRIPT), stage="verify", env=env, log=keep)
        else:
            anchors = ("-CAfile", authority) if authority is not None else ()
            OSSLSIGNCODE.run("verify", *anchors, "-in", file, stage="verify", env=_NO_PASSWORDS, log=keep)
    except BuildFailed as error:
        if not (error.exit_code == _NOT_TRUSTED if _by_powershell() else _is_unchanged(lines)):
            why = "it is not signed, or was changed after it was"
            raise VerifyFailed("signature", f"{file.name!r}: {why}.\n{error.log}") from error
        log(f"{file.name}: signed; this machine does not know who issued the certificate")
        return False
    return True


def sign_detached(file: Path, key: str, *, log: Log) -> Path:
    """Write a signature of `file` beside it: ``.minisig`` if `key` is a secret key of minisign, else gpg's ``.asc``.

    Args:
        file: What is to be signed.
        key: Path of a secret key of minisign, or what gpg knows a key by: fingerprint or address.
        log: Gets what the tool prints.

    Returns:
        The signature.

    Raises:
        SpecError: `key` is a file, but no secret key of minisign.
        BuildFailed: The password is missing or wrong, or there is no such key.
        ToolMissing: The tool is not here.
    """
    path = Path(key)
    by_minisign = path.is_file()
    if by_minisign:
        with path.open("rb") as opened:
            if not opened.read(len(_MINISIGN_KEY)).startswith(_MINISIGN_KEY):
                raise SpecError("key", f"{key!r} is no secret key of minisign; make one with: minisign -G -s {key}")
    secret = password(KEY_PASSWORD_VARIABLE, path.name if by_minisign else key)
    secrets = [secret] if secret else []
    made = file.with_name(f"{file.name}{'.minisig' if by_minisign else '.asc'}")
    made.unlink(missing_ok=True)
    if by_minisign:
        words = ("-S", "-s", key, "-m", file, "-x", made, "-t", file.name)
        MINISIGN.run(*words, stage="sign", env=_NO_PASSWORDS, log=log, secrets=secrets, stdin=f"{secret or ''}\n")
        return made
    # Without a password of ours, the person's own agent is asked.
    loopback = ("--pinentry-mode", "loopback", "--passphrase-fd", "0") if secret is not None else ()
    words = ("--batch", "--yes", *loopback, "--local-user", key, "--armor", "--output", made, "--detach-sign", file)
    given = "" if secret is None else f"{secret}\n"
    GPG.run(*words, stage="sign", env=_NO_PASSWORDS, log=log, secrets=secrets, stdin=given)
    return made


def write_checksums(artifacts: Iterable[Artifact], folder: Path) -> Path:
    """Write ``SHA256SUMS`` into `folder`, as ``sha256sum --check`` reads it; ordered by name."""
    lines = sorted((f"{artifact.sha256}  {artifact.path.name}\n" for artifact in artifacts), key=lambda one: one[64:])
    file = folder / CHECKSUMS
    fresh = folder / f".{CHECKSUMS}.new"
    fresh.write_text("".join(lines), encoding="utf-8", newline="\n")
    fresh.replace(file)
    return file


def password(variable: str, user: str) -> str | None:
    """The one in the environment, else the keyring's for `user` if the package is there; None if there is none."""
    given = os.environ.get(variable)
    if given is not None:
        return given
    try:
        keyring = importlib.import_module("keyring")
    except ImportError:
        return None
    try:
        found = keyring.get_password(KEYRING_SERVICE, user)
    except keyring.errors.KeyringError:  # none to be had here, as on a server
        return None
    return found if isinstance(found, str) else None


def signing_tools(spec: FreezeSpec) -> tuple[Tool, ...]:
    """What signing a product for Windows runs."""
    if _certificate(spec) is None:
        return ()
    return (POWERSHELL,) if _by_powershell() else (OSSLSIGNCODE,)


def _certificate(spec: FreezeSpec) -> Path | None:
    given = os.environ.get(CERTIFICATE_VARIABLE)
    return Path(given).absolute() if given else spec.windows.certificate


def _by_powershell() -> bool:
    return sys.platform == "win32" and not OSSLSIGNCODE.is_here


def _powershell(script: str) -> tuple[str, ...]:
    return ("-NoProfile", "-NonInteractive", "-ExecutionPolicy", "Bypass", "-Command", script)


def _is_unchanged(lines: Iterable[str]) -> bool:
    """Whether a signature was found and each digest that it holds is the one of the file."""
    found: dict[str, set[str]] = {}
    for line in lines:
        if match := _DIGEST.match(line.strip()):
            found.setdefault(match[2], set()).add(match[3])
    digests = [values for name, values in found.items() if name != "PE checksum"]
    return bool(digests) and all(len(values) == 1 for values in digests)
