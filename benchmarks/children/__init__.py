"""What runs in processes of its own: ``python -m benchmarks.children.<name>``."""
