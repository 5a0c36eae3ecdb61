from __future__ import annotations

import time
from dataclasses import replace

from webgen_gym.limits import Limits
from webgen_gym.sandbox.output import Output, clean, shorten

SMALL = replace(Limits(), output_bytes=4000, log_head_bytes=10, log_tail_bytes=20)


def test_colours_titles_and_cursor_movements_are_taken_out() -> None:
    assert clean("\x1b[32m\x1b[1mVITE\x1b[22m\x1b[39m v4\x1b]0;title\x07 ready\x1b[2K\x1b(B") == "VITE v4 ready"


def test_nuls_bells_and_backspaces_are_taken_out() -> None:
    assert clean("a\x00b\x07c\x08d\x7fe\x9bf\tg") == "abcdef\tg"


def test_of_a_redrawn_line_the_last_state_is_kept() -> None:
    assert clean("10%\r50%\r100%\ndone\r\n") == "100%\ndone\n"


def test_a_line_that_was_only_cleared_is_empty() -> None:
    assert clean("working\r       \rok") == "ok"
    assert clean("\r\n\r") == "\n"


def test_short_output_is_not_shortened() -> None:
    assert shorten("x" * 30, SMALL) == "x" * 30


def test_long_output_keeps_its_beginning_and_its_end_and_counts_the_rest() -> None:
    text = "a" * 10 + "b" * 100 + "c" * 20
    assert shorten(text, SMALL) == "a" * 10 + "\n… 100 bytes left out …\n" + "c" * 20


def test_a_cut_never_leaves_half_a_character() -> None:
    shortened = shorten("é" * 500, SMALL)
    assert "�" not in shortened
    assert shortened.startswith("ééééé\n… ")


def test_output_of_any_size_is_held_in_bounded_memory() -> None:
    output = Output(SMALL)
    output.feed(b"first line\n")
    for number in range(50_000):
        output.feed(b"line %06d\n" % number)
    text = output.text()
    assert text.startswith("first line")
    assert text.endswith("line 049999\n")
    assert f"… {output.seen - 10 - 20} bytes left out …" in text
    assert len(output._head) + len(output._tail) <= 2 * SMALL.output_bytes


def test_bytes_that_are_no_utf8_are_shown_as_replacement_characters() -> None:
    output = Output(Limits())
    output.feed(b"caf\xc3\xa9 \xff\xfe")
    assert output.text() == "café ��"


def test_a_character_split_between_two_reads_is_whole() -> None:
    output = Output(Limits())
    output.feed(b"caf\xc3")
    output.feed(b"\xa9")
    assert output.text() == "café"


def test_hostile_escapes_are_cleaned_in_linear_time() -> None:
    began = time.monotonic()
    clean("\x1b[" * 300_000)
    clean("\x1b]" * 300_000)
    clean("\x1b[" + "0" * 1_000_000)
    clean("\x1b]" + "a" * 1_000_000)
    assert time.monotonic() - began < 5
