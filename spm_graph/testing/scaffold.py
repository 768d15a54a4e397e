"""A new package with an incentive type that works, for a partner to start from: `spm plugin new`.

The files are those of the folder `new_package`, with the package's names put in.
"""

from __future__ import annotations

import keyword
import re
from pathlib import Path
from string import Template

TEMPLATES = Path(__file__).with_name("new_package")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-_ ][A-Za-z][A-Za-z0-9]*)*")
WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z0-9]+")


class ScaffoldError(ValueError):
    """A package that can't be written; the message says why."""


def written(name: str, parent: Path) -> Path:
    """The folder of a new package in `parent`, named after an incentive type: `quota kicker`, `quota-kicker` or `QuotaKicker`.

    Raises ScaffoldError for what is no name, and for a folder that is there already: nothing is overwritten.
    """
    names = _names(name)
    folder = parent / names["distribution"]
    if folder.exists():
        raise ScaffoldError(f"{folder} is there already, and nothing is overwritten: choose another name or folder")
    for template in sorted(TEMPLATES.rglob("*.txt")):
        target = folder / template.relative_to(TEMPLATES).with_suffix("").as_posix().replace("MODULE", names["module"])
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(Template(template.read_text(encoding="utf-8")).substitute(names), encoding="utf-8")
    return folder


def _names(name: str) -> dict[str, str]:
    if not NAME.fullmatch(name):
        raise ScaffoldError(f'"{name}" is no name; expected words of ASCII letters and digits, as in quota-kicker')
    words = [word.lower() for word in WORD.findall(name)]
    module = "_".join(words)
    if keyword.iskeyword(module) or keyword.issoftkeyword(module):
        raise ScaffoldError(f'"{name}" is a word of Python; choose another name')
    joined = "".join(word.capitalize() for word in words)
    return {"distribution": f"spm-{'-'.join(words)}", "module": module, "type": joined, "field": joined[0].lower() + joined[1:]}
