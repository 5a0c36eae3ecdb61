"""What is kept of a run, and what is made of it.

Reading order: ``run_folder`` (the folder on disk), ``replay`` (re-executes and compares), ``report`` (the HTML page).
"""
