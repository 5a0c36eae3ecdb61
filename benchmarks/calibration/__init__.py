"""The measured judge and the explorer held against sites that were spoilt on purpose.

Reading order: ``corpus`` (the clean sites) → ``spoilings`` and ``spoil/`` (what is done to them) → ``looks`` (seeing
them all) → ``table`` (what the judge makes of it) → ``plots`` → ``plants`` (what is planted for the explorer) →
``explorations`` → ``run``.
"""
