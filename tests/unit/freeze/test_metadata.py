from __future__ import annotations

import functools
import itertools
import random
import re
import shutil
import subprocess
import sys

import pytest
from packaging.version import Version as Judge

from deskapp.errors import SpecError
from deskapp.freeze import metadata
from deskapp.freeze.metadata import Version
from deskapp.runtime._identity import wm_class

linux_only = pytest.mark.skipif(sys.platform != "linux", reason="the tools that compare are those of Linux")

# One of each kind, in the order of PEP 440.
RISING = (
    "0.9", "1.0.dev0", "1.0.dev3", "1.0.dev3+ada", "1.0.dev20", "1.0a0.dev1", "1.0a1.dev1", "1.0a1", "1.0a1+ada",
    "1.0a1.post1.dev2", "1.0a1.post1", "1.0a2", "1.0a10", "1.0b1", "1.0rc1", "1.0rc2.dev1", "1.0rc2", "1.0",
    "1.0+ada.1", "1.0.post0.dev4", "1.0.post0", "1.0.post1", "1.0.post1+ada", "1.0.post10", "1.0.1.dev1", "1.0.1rc1",
    "1.0.1", "1.1", "1.9", "1.10", "2.0rc1", "2.0", "10.0", "255.255.65535", "1!0.1.dev1", "1!0.1", "2!0.1a1",
)  # fmt: skip
NO_EPOCH = tuple(text for text in RISING if "!" not in text)


def random_versions(count: int) -> list[str]:
    """Versions of three numbers, with everything that may follow, from a fixed seed."""
    dice = random.Random(440)
    found: set[str] = set()
    while len(found) < count:
        text = ".".join(str(dice.choice((0, 1, 2, 10))) for _ in range(3))
        if dice.random() < 0.5:
            text += dice.choice(("a", "b", "rc")) + str(dice.choice((0, 1, 9, 10)))
        if dice.random() < 0.3:
            text += f".post{dice.choice((0, 1, 10))}"
        if dice.random() < 0.3:
            text += f".dev{dice.choice((0, 1, 10))}"
        found.add(text)
    return sorted(found, key=Judge)


def test_the_table_rises() -> None:
    assert list(RISING) == sorted(RISING, key=Judge)


@pytest.mark.parametrize("text", [*RISING, *random_versions(200)])
def test_a_version_is_read_as_its_standard_says(text: str) -> None:
    found, judge = Version.parse(text), Judge(text)
    assert (found.epoch, found.release) == (judge.epoch, judge.release)
    assert (found.pre, found.post, found.dev, found.local) == (judge.pre, judge.post, judge.dev, judge.local or "")


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("v1.0", "1.0"),
        (" 1.0 ", "1.0"),
        ("1.0-alpha.1", "1.0a1"),
        ("1.0BETA2", "1.0b2"),
        ("1.0c3", "1.0rc3"),
        ("1.0-preview_4", "1.0rc4"),
        ("1.0pre", "1.0rc0"),
        ("1.0-1", "1.0.post1"),
        ("1.0.r5", "1.0.post5"),
        ("1.0-rev", "1.0.post0"),
        ("1.0_dev", "1.0.dev0"),
        ("1.0+Ada_x-1", "1.0+ada.x.1"),
        ("01.002", "1.2"),
    ],
)
def test_other_spellings_of_a_version_mean_the_same(written: str, meant: str) -> None:
    assert Version.parse(written) == Version.parse(meant)
    assert metadata.debian_version(written) == metadata.debian_version(meant)


@pytest.mark.parametrize(
    "text", ["", "one", "1.0 beta", "1.0-ab1c", "1..0", "1.0+", "1.0+a..b", "٣.1", "1.0\n1", "1.0;"]
)
def test_what_is_no_version_is_refused_by_its_key(text: str) -> None:
    with pytest.raises(SpecError, match="PEP 440") as caught:
        metadata.debian_version(text)
    assert caught.value.key == "version"


@pytest.mark.parametrize(
    ("text", "debian", "rpm", "name"),
    [
        ("1.2", "1.2", "1.2", "1.2"),
        ("1.2.0", "1.2.0", "1.2.0", "1.2.0"),
        ("1.2.dev3", "1.2~~dev3", "1.2~~dev3", "1.2.dev3"),
        ("1.2a1", "1.2~a1", "1.2~a1", "1.2a1"),
        ("1.2rc1.dev2", "1.2~rc1~dev2", "1.2~rc1~dev2", "1.2rc1.dev2"),
        ("1.2.post1", "1.2+post1", "1.2+post1", "1.2.post1"),
        ("1.2.post1.dev2", "1.2+post1~dev2", "1.2+post1~dev2", "1.2.post1.dev2"),
        ("1.2+ada.1", "1.2+local.ada.1", "1.2+local.ada.1", "1.2+ada.1"),
        ("3!1.2", "3:1.2", "1.2", "1.2"),
    ],
)
def test_versions_as_packages_spell_them(text: str, debian: str, rpm: str, name: str) -> None:
    assert metadata.debian_version(text) == debian
    assert metadata.rpm_version(text) == metadata.appstream_version(text) == rpm
    assert metadata.file_version(text) == name


@linux_only
@pytest.mark.parametrize("versions", [RISING, random_versions(150)], ids=["table", "random"])
def test_dpkg_sees_the_same_order(versions: list[str]) -> None:
    dpkg = needed("dpkg")
    for low, high in itertools.pairwise(versions):
        command = [dpkg, "--compare-versions", metadata.debian_version(low), "lt", metadata.debian_version(high)]
        result = subprocess.run(command, capture_output=True, text=True, timeout=10)
        assert (result.returncode, result.stderr) == (0, ""), (low, high)


@linux_only
@pytest.mark.parametrize("versions", [RISING, random_versions(400)], ids=["table", "random"])
def test_rpm_sees_the_same_order(versions: list[str]) -> None:
    def whole(text: str) -> str:
        return f"{metadata.rpm_epoch(text)}:{metadata.rpm_version(text)}-1"

    pairs = list(itertools.pairwise(versions))
    calls = " ".join(f'io.write(rpm.vercmp("{whole(low)}", "{whole(high)}"), " ")' for low, high in pairs)
    run = subprocess.run([needed("rpm"), "--eval", f"%{{lua: {calls}}}"], capture_output=True, text=True, timeout=15)
    assert [pair for pair, found in zip(pairs, run.stdout.split(), strict=True) if found != "-1"] == []


@linux_only
def test_appstream_sees_the_same_order() -> None:
    tool = needed("appstreamcli")
    for low, high in itertools.pairwise(NO_EPOCH):
        command = [tool, "vercmp", metadata.appstream_version(low), "lt", metadata.appstream_version(high)]
        assert subprocess.run(command, capture_output=True, timeout=10).returncode == 0, (low, high)


def test_windows_and_macos_see_no_other_order() -> None:
    for versions in (NO_EPOCH, random_versions(1000)):
        for low, high in itertools.pairwise(versions):
            assert metadata.windows_version(low) <= metadata.windows_version(high), (low, high)
            assert mac_key(metadata.mac_bundle_version(low)) <= mac_key(metadata.mac_bundle_version(high)), (low, high)
            short = [tuple(map(int, metadata.mac_short_version(text).split("."))) for text in (low, high)]
            assert short[0] <= short[1], (low, high)


def test_stages_are_told_apart_on_windows_and_macos() -> None:
    rising = ["1.0.dev1", "1.0.dev2", "1.0a1", "1.0a2", "1.0b1", "1.0rc1", "1.0rc2", "1.0", "1.0.1"]
    assert [metadata.mac_bundle_version(text) for text in rising] == [
        "1.0d1", "1.0d2", "1.0a1", "1.0a2", "1.0b1", "1.0fc1", "1.0fc2", "1.0", "1.0.1",
    ]  # fmt: skip
    for low, high in itertools.pairwise([*rising[:-1], "1.0.post1", "1.0.post2", "1.0.1"]):
        assert metadata.windows_version(low) < metadata.windows_version(high)


def test_numbers_on_windows_stay_within_their_16_bits() -> None:
    for text in (*NO_EPOCH, "1.0.dev20310101", "1.0a99999", "1.0.post99999", "65535.65535.65535rc99999.post9"):
        assert all(0 <= number <= 65535 for number in metadata.windows_version(text)), text
    assert metadata.windows_version("1.0.dev20310101") < metadata.windows_version("1.0a0.dev0")
    assert metadata.windows_version("1.0rc99999") < metadata.windows_version("1.0")


@pytest.mark.parametrize("text", ["65536.0", "1.65536", "20310101", "1!1.0"])
def test_what_windows_cannot_number_is_refused(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        metadata.windows_version(text)
    assert caught.value.key == "version"


@pytest.mark.parametrize(
    ("text", "spelled"),
    [("1", "1.0.0"), ("1.2", "1.2.0"), ("1.2.3", "1.2.3"), ("1.2.3.0", "1.2.3"), ("255.255.65535", "255.255.65535")],
)
def test_versions_of_an_msi(text: str, spelled: str) -> None:
    assert metadata.msi_version(text) == spelled


@pytest.mark.parametrize(
    "text",
    ["1.2rc1", "1.2.dev1", "1.2.post1", "1.2+ada", "1!1.2", "1.2.3.4", "256.0", "1.256", "1.2.65536", "2031.1"],
)
def test_an_msi_refuses_what_three_numbers_cannot_say(text: str) -> None:
    with pytest.raises(SpecError) as caught:
        metadata.msi_version(text)
    assert caught.value.key == "version"


def test_accepted_versions_of_an_msi_rise_strictly() -> None:
    accepted = []
    for text in (*NO_EPOCH, *random_versions(500)):
        try:
            accepted.append((Judge(text), tuple(map(int, metadata.msi_version(text).split(".")))))
        except SpecError:
            continue
    accepted.sort()
    assert len(accepted) > 20
    for (low, spelled_low), (high, spelled_high) in itertools.pairwise(accepted):
        assert (low < high) == (spelled_low < spelled_high)


def test_an_epoch_cannot_be_said_on_macos() -> None:
    for spell in (metadata.mac_short_version, metadata.mac_bundle_version):
        with pytest.raises(SpecError, match="epoch"):
            spell("1!1.0")


@pytest.mark.parametrize(
    ("app_id", "bus", "flatpak", "bundle"),
    [
        ("org.example.BodyMass", True, True, True),
        ("org.example.body_mass", True, True, True),
        ("org.example.body-mass", True, True, True),
        ("org.my-domain.App", True, False, True),
        ("example.App", True, False, True),
        ("App", False, False, False),
        ("org.example.2fast", False, False, True),
        ("org..App", False, False, False),
        ("org.example.Body Mass", False, False, False),
        ("org.example.Größe", False, False, False),
        ("org.example.App\n", False, False, False),
        (".org.example", False, False, False),
        ("org.example.A/../B", False, False, False),
        ("", False, False, False),
        ("org.example." + "a" * 300, False, False, True),
    ],
)
def test_app_ids(app_id: str, bus: bool, flatpak: bool, bundle: bool) -> None:
    rules = ((metadata.bus_name, bus), (metadata.flatpak_id, flatpak), (metadata.bundle_id, bundle))
    for rule, is_right in rules:
        if is_right:
            assert rule(app_id).replace("_", "-") == app_id.replace("_", "-")
        else:
            with pytest.raises(SpecError) as caught:
                rule(app_id)
            assert caught.value.key == "app_id"


def test_a_bundle_id_has_no_underscore() -> None:
    assert metadata.bundle_id("org.example.body_mass") == "org.example.body-mass"


@pytest.mark.parametrize("app_id", ["org.example.BodyMass", "org.example.body-mass", "deskapp"])
def test_the_desktop_file_names_the_class_that_windows_have(app_id: str) -> None:
    assert metadata.wm_class(app_id) == wm_class(app_id)


@pytest.mark.parametrize(
    ("name", "found"),
    [("Body Mass", "body-mass"), ("Größe", "groe"), ("  A & B!", "a-b"), ("x2", "x2"), ("ﬁne", "fine")],
)
def test_slugs(name: str, found: str) -> None:
    assert metadata.slug(name) == found


@pytest.mark.parametrize("name", ["", "—", "日本"])
def test_a_name_without_a_letter_is_refused(name: str) -> None:
    with pytest.raises(SpecError) as caught:
        metadata.slug(name)
    assert caught.value.key == "name"


def test_a_slug_is_a_name_everywhere_or_refused() -> None:
    dice = random.Random(7)
    letters = "aZ09 -_.é ßﬁ日\n/\\%$\"';&<>|*?~İı\u0301"
    refused = 0
    for _ in range(3000):
        name = "".join(dice.choice(letters) for _ in range(dice.randint(1, 6)))
        try:
            found = metadata.slug(name)
        except SpecError:
            refused += 1
            continue
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", found), name
        assert metadata.slug(found) == found
    assert 0 < refused < 3000


def test_a_package_has_two_letters() -> None:
    assert metadata.package_name("Ab") == "ab"
    with pytest.raises(SpecError) as caught:
        metadata.package_name("A")
    assert caught.value.key == "name"


@pytest.mark.parametrize("categories", [(), ("Nonsense",), ("Utility", "a;b"), ("Utility", "")])
def test_categories_that_no_menu_knows_are_refused(categories: tuple[str, ...]) -> None:
    with pytest.raises(SpecError) as caught:
        metadata.checked_categories(categories)
    assert caught.value.key == "categories"


def mac_key(text: str) -> tuple[tuple[int, ...], int, int]:
    """How macOS orders what `text` says: numbers, stage, number of the stage."""
    for rank, stage in enumerate(("d", "a", "b", "fc")):
        numbers, mark, count = text.partition(stage)
        if mark:
            return tuple(map(int, numbers.split("."))), rank, int(count)
    return tuple(map(int, text.split("."))), 4, 0


@functools.cache
def needed(tool: str) -> str:
    """Path of a tool that has to be here."""
    found = shutil.which(tool)
    assert found is not None, f"{tool} is needed: python3 dev.py installs it"
    return found
