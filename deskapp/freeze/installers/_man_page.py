"""The manual page of the program, as every command of a Linux system has one."""

from __future__ import annotations

from deskapp.freeze._spec import FreezeSpec
from deskapp.freeze.installers._metainfo import paragraphs


def man_page(spec: FreezeSpec) -> str:
    """The page in the macros of man(7)."""
    summary = " ".join(spec.summary.split()) or spec.name
    operands = spec.url_schemes or spec.file_types
    title = (_quoted(spec.slug.upper()), "1", '""', _quoted(f"{spec.name} {spec.version}"), '"User Commands"')
    lines = [
        f".TH {' '.join(title)}",
        ".SH NAME",
        f"{_text(spec.slug)} \\- {_text(summary)}",
        ".SH SYNOPSIS",
        f".B {_text(spec.slug)}",
    ]
    if operands:
        lines.append("[\\fIFILE\\fR or \\fIADDRESS\\fR ...]" if spec.url_schemes else "[\\fIFILE\\fR ...]")
    lines.append(".SH DESCRIPTION")
    for index, paragraph in enumerate(paragraphs(spec.description) or [summary]):
        if index:
            lines.append(".PP")
        lines.append(_text(paragraph))
    for kind in spec.file_types:
        lines += [".PP", f"It opens {_text(f'{kind.description} (*.{kind.extension})')}."]
    if spec.homepage:
        lines += [".SH SEE ALSO", _text(spec.homepage)]
    if spec.author:
        lines += [".SH AUTHOR", _text(spec.author)]
    return "\n".join(lines) + "\n"


def _text(text: str) -> str:
    """Text in which roff sees no request and no escape, nor takes a hyphen for one that may be typographic."""
    escaped = text.replace("\\", "\\e").replace("-", "\\-")
    return f"\\&{escaped}" if escaped.startswith((".", "'")) else escaped


def _quoted(text: str) -> str:
    return '"' + _text(text).replace('"', "\\(dq") + '"'
