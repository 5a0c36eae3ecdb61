"""Who learns: Step-GRPO and the supervised start before it.

Reading order: ``units`` (steps and rows of tokens) → ``scoring`` (turns → rewards of steps) → ``credit`` (rewards →
advantages) → ``voice``, ``rollouts`` (groups are played) → ``packing``, ``attention``, ``logprobs``, ``policy`` (rows →
log-probabilities) → ``loss``, ``learner`` (an update), ``processes`` (several at once) → ``guards``, ``metrics``,
``run_log``, ``checkpoints``, ``export`` → ``trainer`` (a run) → ``config``, ``loading``, ``build`` (from a file to a
run). ``demonstrations/``, ``sft``: learning from good trajectories.

``credit``, ``scoring`` and ``units`` know nothing of torch. Imported as ``webgen_gym.trainers``.
"""
