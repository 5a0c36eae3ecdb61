"""Gymnasium's faces of the engine.

Reading order: ``spaces``, ``translate`` (frozen values to observations and infos), ``plan`` (the keywords), ``runtime``
(the loop and the browser that all environments of a process share), ``backing``, ``slot`` (one environment as a
coroutine sees it), ``env`` (WebGenEnv), ``pool``, ``screens``, ``vector`` (WebGenVectorEnv), ``host``, ``ray``
(RayVectorEnv), ``backtracking`` (a wrapper). Imported as ``webgen_gym.envs``.
"""

from webgen_gym.envs.backtracking import Backtracking
from webgen_gym.envs.env import WebGenEnv
from webgen_gym.envs.spaces import FileTree, ReplyText, Unicode
from webgen_gym.envs.vector import StepResult, WebGenVectorEnv

__all__ = ["Backtracking", "FileTree", "ReplyText", "StepResult", "Unicode", "WebGenEnv", "WebGenVectorEnv"]
