"""TeamCreationWizard and its five steps."""
