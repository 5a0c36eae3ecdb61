"""Gymnasium's face of the engine.

Reading order: ``spaces``, ``runtime`` (the loop and the browser that all environments of a process share), ``env``
(WebGenEnv), ``backtracking`` (a wrapper). Imported as ``webgen_gym.envs``.
"""

from webgen_gym.envs.backtracking import Backtracking
from webgen_gym.envs.env import WebGenEnv
from webgen_gym.envs.spaces import FileTree, ReplyText, Unicode

__all__ = ["Backtracking", "FileTree", "ReplyText", "Unicode", "WebGenEnv"]
