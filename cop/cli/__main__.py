"""`python -m cop.cli` runs the console script without an installation."""

from cop.cli import main

main()
