"""One shared Chromium, and what is done with it: looking at a site, and using it.

Reading order: ``base`` (the seams), ``find`` (which browser), ``fonts``, ``deadline``, ``chromium`` (the
process), ``events``, ``faults`` (the page's or the browser's), ``settling`` (the page's time), ``world``,
``measure``, ``outline``, ``picture``, ``traces`` (what a visit leaves), ``tab`` (one page), ``visits`` (clean tabs
on one site). The scripts that run inside pages lie in ``scripts/``.
"""
