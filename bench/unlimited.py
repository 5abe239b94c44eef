"""The console script without rate limits: in a measurement one member replies hundreds of times a second."""

from cop.base.web import rate_limits
from cop.cli import main

rate_limits.READS = rate_limits.WRITES = 10**9
main()
