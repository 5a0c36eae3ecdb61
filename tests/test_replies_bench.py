"""Real replies of a 7B model beside the verdicts of the checkers that it was trained with.

The replies are not part of the repository: ``WEBGEN_BENCH_DIR`` names the folder that holds
``model-replies.jsonl``.
"""

from __future__ import annotations

import html
import json
import os
import re
from pathlib import Path
from typing import Any

import pytest

from webgen_gym.replies import read
from webgen_gym.replies.reader import understood
from webgen_gym.replies.repetition import is_repetitive
from webgen_gym.types import FaultCode, WriteFile

_BESIDE = Path(__file__).resolve().parents[1].parent / "shared" / "webgen-bench"
_FILE = Path(os.environ.get("WEBGEN_BENCH_DIR", _BESIDE)) / "model-replies.jsonl"
_FILE_ACTION = re.compile(r'<boltAction type="file" filePath="(.*?)">(.*?)</boltAction>', re.DOTALL)


def rows() -> list[Any]:
    if not _FILE.is_file():
        return [
            pytest.param({}, marks=pytest.mark.skip(reason="set WEBGEN_BENCH_DIR to the folder of model-replies.jsonl"))
        ]
    return [pytest.param(row, id=row["id"]) for row in map(json.loads, _FILE.read_text("utf-8").splitlines())]


every_reply = pytest.mark.parametrize("row", rows())


@every_reply
def test_badly_nested_replies_are_the_ones_cut_off(row: dict[str, Any]) -> None:
    cut_off = FaultCode.CUT_OFF in [fault.code for fault in read(row["text"]).faults]
    assert cut_off is not row["labels"].get("is_valid", True)


@every_reply
def test_repetition_is_found_where_the_original_found_it(row: dict[str, Any]) -> None:
    assert is_repetitive(row["text"]) is row["labels"].get("repetition", False)


@every_reply
def test_what_the_original_called_good_is_good(row: dict[str, Any]) -> None:
    reply = read(row["text"])
    assert not (row["labels"].get("is_good_format") and reply.malformed)


@every_reply
def test_the_files_are_those_that_the_original_wrote(row: dict[str, Any]) -> None:
    written = [(path, html.unescape(body).strip() + "\n") for path, body in _FILE_ACTION.findall(row["text"])]
    edits = understood(row["text"]).edits
    assert [(edit.path, edit.content.decode()) for edit in edits if isinstance(edit, WriteFile)] == written


@every_reply
def test_no_control_word_is_found(row: dict[str, Any]) -> None:
    assert understood(row["text"]).controls == []
