"""The baseline agent: an instruction becomes a plan, the plan a real website, feedback changes both.

Reading order:

* What is asked: ``words`` (small English) → ``phrases`` (an instruction, taken apart) → ``entries`` (records that
  it names) → ``topics``, ``kinds``, ``records`` (what lists hold, from ``data/``) → ``tailor`` (lists made to measure).
* The plan: ``plan`` (the frozen values) → ``draft`` → ``recipes_lists``, ``recipes_views``, ``rules`` (wish → section)
  → ``subjects``, ``prose`` → ``planner``.
* The site: ``styles``, ``art`` (a palette → all colours and pictures) → ``extras``, ``spec`` (what the scripts read) →
  ``parts`` (the hand-written CSS, JavaScript and React in ``assets/``) → ``shell`` → ``static_site``, ``vite_site``.
* The agent: ``feedback`` (complaints → fixes) → ``agent``.
"""

from webgen_gym.agents.template.agent import TemplateAgent

__all__ = ["TemplateAgent"]
