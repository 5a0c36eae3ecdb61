"""Programs that show how the environment and the trainer are used."""
