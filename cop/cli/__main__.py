"""`python -m cop.cli` is the console script without an installation."""

from cop.cli import main

main()
