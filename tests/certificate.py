"""A certificate made for one run of the tests, for names and addresses of this machine."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

NAMES = "subjectAltName=DNS:localhost,DNS:apps.example,IP:127.0.0.1,IP:0:0:0:0:0:0:0:1"


def make_certificate(folder: Path) -> tuple[Path, Path]:
    """Make a certificate that signs itself, and return it with its key."""
    program = shutil.which("openssl")
    assert program is not None, "openssl is not installed: sudo apt install openssl"
    certificate, key = folder / "certificate.pem", folder / "key.pem"
    command = [program, "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
    command += ["-days", "2", "-subj", "/CN=deskapp tests", "-addext", NAMES]
    command += ["-keyout", str(key), "-out", str(certificate)]
    subprocess.run(command, check=True, capture_output=True, timeout=30)
    return certificate, key
