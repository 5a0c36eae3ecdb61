"""Who learns.

Reading order: ``credit`` (from step rewards to advantages). Imported as ``webgen_gym.trainers``.
"""
