"""The hand-written parts of a site: styles, widgets in plain JavaScript, and the React shell."""
