"""Benchmarks: `python -m benchmarks` prints one table of ratios against limits and peers measured in the same run.

They are no tests: shared machines are noisy. Every pair is alternated, every number is a median.
"""
