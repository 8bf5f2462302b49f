"""The commands, their flags and their help; what they do is imported when they run."""
