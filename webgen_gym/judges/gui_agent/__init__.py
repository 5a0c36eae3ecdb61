"""Functionality by a model that uses the site as a visitor would, and says of each requirement whether it is met.

Reading order:

    findings.py      what was found about a requirement, and the grade that follows
    actions.py       what the model may do, as one JSON object
    prompts.py       everything that is said to a model, and its version
    requirements.py  a task → the list that all its rollouts are tested by
    driver.py        acts on the site, and sees what came of it; never leaves it
    marks.py         numbers on the screenshot
    page.py          the window in words, and its digest
    conversation.py  what the model is shown; the oldest pictures go
    trajectory.py    the record of one test
    drive.py         one test: look, ask, act, until there is an answer
    judge.py         GuiAgent
    replay.py        the record once more, compared
"""

from webgen_gym.judges.gui_agent.drive import Options
from webgen_gym.judges.gui_agent.findings import Finding, Met
from webgen_gym.judges.gui_agent.judge import GuiAgent, verdicts
from webgen_gym.judges.gui_agent.replay import replay
from webgen_gym.judges.gui_agent.trajectory import Trajectory

__all__ = ["Finding", "GuiAgent", "Met", "Options", "Trajectory", "replay", "verdicts"]
