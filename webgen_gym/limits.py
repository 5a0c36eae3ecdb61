"""Every number that bounds the engine, with its unit.

One frozen value is handed down from the environment, so a test or a user changes a limit for
one environment with ``dataclasses.replace(Limits(), build_s=300)`` and nothing else moves.
"""

from __future__ import annotations

from dataclasses import dataclass

KIB = 1024
MIB = 1024 * KIB
GIB = 1024 * MIB


@dataclass(frozen=True, slots=True)
class Limits:
    """Bounds of one session. Bytes unless the name says otherwise; ``_s`` is seconds, ``_ms`` milliseconds."""

    # replies and files
    reply_bytes: int = 1 * MIB
    file_bytes: int = 2 * MIB
    files: int = 500
    source_bytes: int = 64 * MIB
    path_bytes: int = 240
    path_depth: int = 12

    # episode
    turns: int = 20
    malformed_in_a_row: int = 3
    infra_retries: int = 2

    # commands
    install_s: float = 180.0
    build_s: float = 120.0
    start_s: float = 60.0
    stop_s: float = 5.0
    output_bytes: int = 1 * MIB
    log_head_bytes: int = 8 * KIB
    log_tail_bytes: int = 24 * KIB
    written_file_mib: int = 512
    open_files: int = 4096
    script_bytes: int = 16 * KIB
    start_quiet_s: float = 0.05
    edit_gap_s: float = 0.2
    edit_seen_s: float = 2.0

    # browser
    browser_start_s: float = 60.0
    browser_op_s: float = 20.0
    page_load_s: float = 15.0
    settle_virtual_ms: int = 2000
    settle_cap_s: float = 8.0
    looks_per_tab: int = 100
    dialogs: int = 20
    popups: int = 3
    console_lines: int = 20
    requests_listed: int = 50
    elements: int = 2000
    text_bytes: int = 64 * KIB
    response_bytes: int = 64 * MIB

    contrast_kinds: int = 40

    # caches
    dependencies_bytes: int = 20 * GIB
    looks_bytes: int = 2 * GIB

    # judging
    explore_controls: int = 24
    explore_s: float = 60.0
    ui_test_s: float = 30.0
    gui_agent_s: float = 600.0
    gui_agent_steps: int = 15
    gui_agent_images: int = 3
    gui_agent_requirements: int = 12
    gui_agent_page_chars: int = 8000
    gui_agent_quoted_chars: int = 240


@dataclass(frozen=True, slots=True)
class ModelLimits:
    """Bounds of the calls of one model client, which many sessions share; ``_s`` is seconds."""

    # one call, all its tries and its one re-ask included; waiting for a free slot is not
    call_s: float = 120.0
    tries: int = 4
    connect_s: float = 10.0
    backoff_s: float = 0.5
    backoff_cap_s: float = 30.0

    concurrency: int = 8
    response_bytes: int = 4 * MIB
    answer_chars: int = 256 * KIB

    # what is charged where a server does not tell its usage
    chars_per_token: int = 4
    image_tokens: int = 1500

    # how much of a foreign text is repeated: in a message to people, in a re-ask to the model
    quoted_chars: int = 200
    reasked_chars: int = 8000
