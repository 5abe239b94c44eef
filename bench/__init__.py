"""The benchmark: the same workloads on the product and on a bare yardstick, in one run."""
