"""The agenda of a meeting: its blocks, the questions and cases that people bring, and their votes."""
