"""Who learns. Imported as ``webgen_gym.trainers``; torch is loaded by the modules that need it, never from here."""
