"""Website generation as a Gymnasium environment.

Importing this registers ``WebGen-v0`` and ``WebGenStatic-v0`` and loads nothing heavy;
``gym.make("webgen_gym:WebGen-v0")`` imports it by itself.
"""

from gymnasium.envs.registration import register

__version__ = "0.1.0"

register(
    id="WebGen-v0",
    entry_point="webgen_gym.envs.env:WebGenEnv",
    vector_entry_point="webgen_gym.envs.vector:WebGenVectorEnv",
    # What npm installs and how a dev server words its log is not ours to fix.
    nondeterministic=True,
)
register(
    id="WebGenStatic-v0",
    entry_point="webgen_gym.envs.env:WebGenEnv",
    vector_entry_point="webgen_gym.envs.vector:WebGenVectorEnv",
    kwargs={"static_only": True},
)

__all__ = ["__version__"]
