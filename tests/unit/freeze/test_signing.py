"""deskapp/freeze/signing.py."""

from __future__ import annotations

import dataclasses
import os
import stat
import subprocess
import sys
import tempfile
import types
from collections.abc import Callable
from pathlib import Path

import pytest

from deskapp.errors import BuildFailed, SpecError, ToolMissing, VerifyFailed
from deskapp.freeze._spec import WindowsOptions
from deskapp.freeze.installers import Artifact
from deskapp.freeze.installers.msi import Msi
from deskapp.freeze.installers.nsis import Nsis
from deskapp.freeze.signing import (
    CERTIFICATE_VARIABLE,
    KEY_PASSWORD_VARIABLE,
    PASSWORD_VARIABLE,
    Authenticode,
    password,
    sign_detached,
    signing_tools,
    verify,
    write_checksums,
)
from deskapp.freeze.tools import run
from tests.unit.freeze.windows import product, quiet, tree_in

SECRET = "s3cret $'\" ü"


@pytest.fixture(scope="module")
def certificates(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``both.pem``, ``open.pem`` (key not encrypted), ``c.pfx``; self-made, to sign code."""
    folder = tmp_path_factory.mktemp("certificates")
    env = {**os.environ, "SECRET": SECRET}

    def openssl(*words: str) -> None:
        subprocess.run(["openssl", *words], cwd=folder, env=env, check=True, capture_output=True)

    subject = (
        "-subj",
        "/CN=Ada Test",
        "-addext",
        "extendedKeyUsage=codeSigning",
        "-addext",
        "keyUsage=digitalSignature",
    )
    openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "key.pem", "-out", "cert.pem", *subject)
    openssl("pkcs12", "-export", "-inkey", "key.pem", "-in", "cert.pem", "-out", "c.pfx", "-passout", "env:SECRET")
    openssl("rsa", "-in", "key.pem", "-aes256", "-passout", "env:SECRET", "-out", "locked.pem")
    for name, key in (("both.pem", "locked.pem"), ("open.pem", "key.pem")):
        (folder / name).write_bytes((folder / "cert.pem").read_bytes() + (folder / key).read_bytes())
    return folder


@pytest.fixture(scope="module")
def unsigned(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with ``it.exe`` and ``it.msi``."""
    folder = tmp_path_factory.mktemp("unsigned")
    for maker, name in ((Nsis(), "it.exe"), (Msi(), "it.msi")):
        work = folder / f"{maker.format} work"
        work.mkdir()
        tree = tree_in(folder / maker.format)
        made = maker.build(product(), tree, target=folder / "out", work=work, log=quiet)
        made.path.rename(folder / name)
    return folder


@pytest.fixture
def copy(unsigned: Path, tmp_path: Path) -> Callable[[str], Path]:
    """Gives a copy of an unsigned file."""

    def copied(name: str) -> Path:
        path = tmp_path / name
        path.write_bytes((unsigned / name).read_bytes())
        path.chmod(0o751)
        return path

    return copied


@pytest.mark.parametrize("file", ["it.exe", "it.msi"])
@pytest.mark.parametrize("certificate", ["c.pfx", "both.pem"])
def test_signed_verified_and_found_broken_after_one_byte(
    copy: Callable[[str], Path], certificates: Path, monkeypatch: pytest.MonkeyPatch, file: str, certificate: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, SECRET)
    path, lines = copy(file), list[str]()
    signing = Authenticode(certificates / certificate, description="Größe", homepage="https://body.example")
    # The certificate trusts itself where it is given as an authority; nobody else does.
    assert signing.sign(path, log=lines.append) is (certificate == "both.pem")
    assert stat.S_IMODE(path.stat().st_mode) == 0o751
    assert verify(path, authority=certificates / "cert.pem", log=lines.append)
    assert not verify(path, log=lines.append)
    assert [name.name for name in path.parent.iterdir()] == [file]
    assert SECRET not in "\n".join(lines)
    assert "Ada Test" in "\n".join(lines)

    changed = bytearray(path.read_bytes())
    changed[changed.index(b"MSCF") + 100 if file == "it.msi" else 2000] ^= 1
    path.write_bytes(changed)
    for authority in (None, certificates / "cert.pem"):
        with pytest.raises(VerifyFailed, match=r"not signed, or was changed"):
            verify(path, authority=authority, log=lines.append)


def test_a_file_without_a_signature_does_not_verify(copy: Callable[[str], Path]) -> None:
    with pytest.raises(VerifyFailed, match=r"'it.exe': it is not signed"):
        verify(copy("it.exe"), log=quiet)


def test_a_key_that_is_not_encrypted_needs_no_password(
    copy: Callable[[str], Path], certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    assert Authenticode(certificates / "open.pem").sign(copy("it.exe"), log=quiet)


@pytest.mark.parametrize("certificate", ["c.pfx", "both.pem"])
def test_a_missing_password_says_where_it_belongs(
    copy: Callable[[str], Path], certificates: Path, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    path = copy("it.exe")
    before = path.read_bytes()
    with pytest.raises(SpecError, match=rf"DESKAPP_SIGN_PASSWORD.*keyring set deskapp {certificate}"):
        Authenticode(certificates / certificate).sign(path, log=quiet)
    assert path.read_bytes() == before


@pytest.mark.parametrize("certificate", ["c.pfx", "both.pem"])
def test_a_wrong_password_fails_and_is_never_shown(
    copy: Callable[[str], Path], certificates: Path, monkeypatch: pytest.MonkeyPatch, certificate: str
) -> None:
    monkeypatch.setenv(PASSWORD_VARIABLE, "wr0ng-one")
    path, lines = copy("it.exe"), list[str]()
    before = path.read_bytes()
    with pytest.raises(BuildFailed) as caught:
        Authenticode(certificates / certificate).sign(path, log=lines.append)
    assert "wr0ng-one" not in str(caught.value) + "\n".join(lines)
    assert path.read_bytes() == before
    assert [name.name for name in path.parent.iterdir()] == ["it.exe"]


def test_no_password_is_in_a_command_or_in_the_environment_of_a_tool(
    tmp_path: Path, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen = tmp_path / "seen"
    tool = tmp_path / "bin/osslsigncode"
    tool.parent.mkdir()
    tool.write_text(
        f'#!/bin/sh\nprintf "%s\\n" "$@" >> "{seen}"\nenv >> "{seen}"\n'
        f'if [ "$1" = sign ]; then cat > "{seen}.stdin"; for last; do :; done; echo signed > "$last"; fi\n',
        encoding="utf-8",
    )
    tool.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tool.parent}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv(PASSWORD_VARIABLE, SECRET)
    file = tmp_path / "it.exe"
    file.write_bytes(b"MZ")
    signing = Authenticode(certificates / "c.pfx", timestamp_url="http://time.example")
    assert signing.sign(file, log=quiet)
    assert SECRET not in seen.read_text(encoding="utf-8")
    assert "-ts\nhttp://time.example\n" in seen.read_text(encoding="utf-8")
    assert (tmp_path / "seen.stdin").read_text(encoding="utf-8") == f"{SECRET}\n"
    assert file.read_bytes() == b"signed\n"


def test_a_tool_reads_what_it_is_given_or_ends_without() -> None:
    assert run(["cat"], stage="test", stdin="a\nü\n") == "a\nü"
    assert run(["cat"], stage="test") == ""
    for _ in range(20):
        assert run(["true"], stage="test", stdin="not read\n") == ""


def test_a_certificate_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SpecError, match=r"^windows.certificate: there is no file '.*none.pfx'"):
        Authenticode(tmp_path / "none.pfx").sign(tmp_path / "it.exe", log=quiet)


def test_the_environment_is_asked_before_the_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    class KeyringError(Exception):
        pass

    asked: list[tuple[str, str]] = []

    def get_password(service: str, user: str) -> str | None:
        asked.append((service, user))
        if user == "broken.pfx":
            raise KeyringError
        return "from the keyring" if user == "c.pfx" else None

    module = types.ModuleType("keyring")
    monkeypatch.setattr(module, "get_password", get_password, raising=False)
    monkeypatch.setattr(module, "errors", types.SimpleNamespace(KeyringError=KeyringError), raising=False)
    monkeypatch.setitem(sys.modules, "keyring", module)
    monkeypatch.setenv(PASSWORD_VARIABLE, "from the environment")
    assert password(PASSWORD_VARIABLE, "c.pfx") == "from the environment"
    assert asked == []
    monkeypatch.delenv(PASSWORD_VARIABLE)
    assert password(PASSWORD_VARIABLE, "c.pfx") == "from the keyring"
    assert password(PASSWORD_VARIABLE, "other.pfx") is None
    assert password(PASSWORD_VARIABLE, "broken.pfx") is None
    assert asked[0] == ("deskapp", "c.pfx")


def test_without_the_package_there_is_no_keyring(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(PASSWORD_VARIABLE, raising=False)
    monkeypatch.setitem(sys.modules, "keyring", None)
    assert password(PASSWORD_VARIABLE, "c.pfx") is None


def test_what_is_not_to_be_signed_needs_no_tool() -> None:
    assert Authenticode.of(product()) is None
    assert signing_tools(product()) == ()


def test_a_product_says_how_it_is_signed(tmp_path: Path) -> None:
    options = WindowsOptions(certificate=tmp_path / "c.pfx", timestamp_url="http://time.example")
    spec = dataclasses.replace(product(), windows=options)
    expected = Authenticode(tmp_path / "c.pfx", "http://time.example", spec.name, spec.homepage)
    assert Authenticode.of(spec) == expected
    assert [tool.name for tool in signing_tools(spec)] == ["osslsigncode"]


def test_a_certificate_of_the_environment_takes_the_place_of_the_products(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv(CERTIFICATE_VARIABLE, str(tmp_path / "other.pfx"))
    found = Authenticode.of(product())
    assert found is not None
    assert found.certificate == tmp_path / "other.pfx"
    assert len(signing_tools(product())) == 1


def test_without_the_tool_the_error_has_the_command(
    tmp_path: Path, certificates: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    file = tmp_path / "it.exe"
    file.write_bytes(b"MZ")
    with pytest.raises(ToolMissing, match="apt-get install osslsigncode"):
        Authenticode(certificates / "open.pem").sign(file, log=quiet)


@pytest.mark.timeout(60)
@pytest.mark.parametrize("locked", [pytest.param(True, marks=pytest.mark.long), False])  # its locks take seconds each
def test_minisign_signs_and_finds_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, locked: bool) -> None:
    made = ["minisign", "-G", "-p", "m.pub", "-s", "m.key", *([] if locked else ["-W"])]
    subprocess.run(made, cwd=tmp_path, input=b"s3cret\ns3cret\n", check=True, capture_output=True)
    monkeypatch.setenv(KEY_PASSWORD_VARIABLE, "s3cret")
    file = tmp_path / "it größe.deb"
    file.write_bytes(b"content")
    lines: list[str] = []
    signature = sign_detached(file, str(tmp_path / "m.key"), log=lines.append)
    assert signature == tmp_path / "it größe.deb.minisig"
    assert "s3cret" not in "\n".join(lines)
    check = ["minisign", "-V", "-p", "m.pub", "-m", str(file), "-x", str(signature)]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 0
    file.write_bytes(b"Content")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1


def test_gpg_signs_and_finds_a_change(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # The path of gpg's socket has at most 107 characters, so its folder is no folder of pytest's.
    with tempfile.TemporaryDirectory(prefix="gpg") as home:
        monkeypatch.setenv("GNUPGHOME", home)
        monkeypatch.setenv(KEY_PASSWORD_VARIABLE, SECRET)
        key = ["gpg", "--batch", "--pinentry-mode", "loopback", "--passphrase-fd", "0", "--quick-generate-key"]
        subprocess.run(
            [*key, "ada@body.example", "ed25519", "sign", "never"],
            input=SECRET.encode(),
            check=True,
            capture_output=True,
        )
        try:
            file = tmp_path / "it.deb"
            file.write_bytes(b"content")
            signature = sign_detached(file, "ada@body.example", log=quiet)
            assert signature.name == "it.deb.asc"
            check = ["gpg", "--verify", str(signature), str(file)]
            assert subprocess.run(check, capture_output=True).returncode == 0
            file.write_bytes(b"Content")
            assert subprocess.run(check, capture_output=True).returncode == 1
            with pytest.raises(BuildFailed, match=r"bob@body\.example"):
                sign_detached(file, "bob@body.example", log=quiet)
        finally:
            subprocess.run(["gpgconf", "--kill", "gpg-agent"], check=True)


@pytest.mark.long
@pytest.mark.timeout(90)
def test_a_wrong_password_of_minisign_fails(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = ["minisign", "-G", "-p", "m.pub", "-s", "m.key"]
    subprocess.run(made, cwd=tmp_path, input=b"s3cret\ns3cret\n", check=True, capture_output=True)
    file = tmp_path / "it.deb"
    file.write_bytes(b"content")
    for given in ("wrong", None):
        if given is None:
            monkeypatch.delenv(KEY_PASSWORD_VARIABLE)
        else:
            monkeypatch.setenv(KEY_PASSWORD_VARIABLE, given)
        with pytest.raises(BuildFailed, match=r"^sign failed"):
            sign_detached(file, str(tmp_path / "m.key"), log=quiet)
        assert not (tmp_path / "it.deb.minisig").exists()


def test_a_file_that_is_no_key_is_refused(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("hello", encoding="utf-8")
    with pytest.raises(SpecError, match=r"no secret key of minisign; make one with: minisign -G"):
        sign_detached(tmp_path / "it.deb", str(tmp_path / "key"), log=quiet)


def test_checksums_are_read_by_sha256sum(tmp_path: Path) -> None:
    made = []
    for name in ("b 2.exe", "größe.deb", "a.tar.gz"):
        (tmp_path / name).write_bytes(name.encode())
        made.append(Artifact.of("zip", tmp_path / name))
    file = write_checksums(made, tmp_path)
    lines = file.read_text(encoding="utf-8").splitlines()
    assert file.name == "SHA256SUMS"
    assert [line[66:] for line in lines] == ["a.tar.gz", "b 2.exe", "größe.deb"]
    check = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 0
    (tmp_path / "b 2.exe").write_bytes(b"changed")
    assert subprocess.run(check, cwd=tmp_path, capture_output=True).returncode == 1
