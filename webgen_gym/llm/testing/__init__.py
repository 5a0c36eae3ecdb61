"""A server that speaks the chat completions API and misbehaves on request: 26 faults, over real HTTP.

``with fault_server([Fault.RATE_LIMITED, "hello"]) as server`` in a test, or ``python -m webgen_gym.llm.testing``.
Reading order: seen, api, faults, server.
"""

from webgen_gym.llm.testing.faults import Delivery, Fault, HttpReply
from webgen_gym.llm.testing.seen import SeenRequest
from webgen_gym.llm.testing.server import FaultServer, fault_server

__all__ = ["Delivery", "Fault", "FaultServer", "HttpReply", "SeenRequest", "fault_server"]
