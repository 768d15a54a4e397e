"""The receiver's code in the documentation tells genuine messages from others."""

from __future__ import annotations

import re
import time
from pathlib import Path
from typing import Any

from spm_graph.domain import signature

DOCUMENT = Path(__file__).parents[2] / "docs" / "webhooks.md"


def test_the_documented_check_accepts_what_we_send_and_nothing_else() -> None:
    (code,) = re.findall(r"```python\n(.*?)```", DOCUMENT.read_text(encoding="utf-8"), re.DOTALL)
    names: dict[str, Any] = {}
    exec(code, names)
    is_genuine = names["is_genuine"]
    secret, other, now = b"\x01" * 32, b"\x02" * 32, int(time.time())
    written = signature.written(secret)
    good = dict(signature.headers([other, secret], "event_1_2_3", now, b"{}"))
    assert is_genuine(written, good, b"{}")
    assert not is_genuine(written, good, b"{ }")
    assert not is_genuine(written, {**good, "webhook-id": "event_1_2_4"}, b"{}")
    assert not is_genuine(signature.written(b"\x03" * 32), good, b"{}")
    assert not is_genuine(written, dict(signature.headers([secret], "event_1_2_3", now - 301, b"{}")), b"{}")
