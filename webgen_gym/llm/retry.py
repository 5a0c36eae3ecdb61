"""How long to wait before the next try: full jitter under a doubling ceiling, or what the server asks for."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from webgen_gym.limits import ModelLimits
from webgen_gym.llm.clock import Clock

_SECONDS = re.compile(r"\d{1,9}(\.\d{1,9})?")


def wait_before(failed_tries: int, retry_after: str | None, limits: ModelLimits, clock: Clock) -> float:
    """Seconds to wait after so many failed tries (1 or more). A readable Retry-After goes before our own choice."""
    asked = seconds_asked(retry_after, clock.utc())
    if asked is not None:
        return asked
    return clock.draw(min(limits.backoff_cap_s, limits.backoff_s * 2 ** (failed_tries - 1)))


def seconds_asked(retry_after: str | None, utc: datetime) -> float | None:
    """Retry-After in seconds from now, 0 or more: it is a number or an HTTP date. None where it is neither."""
    if retry_after is None:
        return None
    text = retry_after.strip()
    if _SECONDS.fullmatch(text):
        return float(text)
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return max(0.0, (moment - utc).total_seconds())
