"""Step-GRPO in miniature: a model of 300 000 parameters learns to build small websites on two CPU cores.

Reading order: ``vocabulary`` (the words) → ``grammar`` (a reply in these words) → ``sections``, ``site`` (the files
that such a reply stands for) → ``tasks`` (what is asked for) → ``voice`` (what the model reads) → ``model`` →
``demonstrations`` (what it begins with) → ``world`` (the environment) → ``variants`` (what is compared) →
``experiment`` (one training) → ``ablation`` (all of them) → ``report`` (table and plot).
"""
