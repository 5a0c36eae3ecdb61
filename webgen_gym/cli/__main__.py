"""``python -m webgen_gym.cli``."""

from webgen_gym.cli import main

main()
