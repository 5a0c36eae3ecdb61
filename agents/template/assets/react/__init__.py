"""The React shell of the Vite form: everything around the widgets."""
