"""How far a squat leans, and how far this lifter's build needs it to."""
