"""Rules: what is measured on a repetition and how it is judged."""
