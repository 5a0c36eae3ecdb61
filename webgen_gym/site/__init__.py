"""A site's files brought to life.

Reading order, from what is pure to what runs.
manifest, script, project: which kind of site the files are. imports: what its modules import.
toolchain, log, install, lease, installed, dependencies: what it depends on, installed once.
checkout, upstream, probe, devserver (with relay.cjs), refresh: its files on disk and its server.
launch, site: the order of it all. gateway, static: how the browser reaches it.
"""
