"""While an agent works in the same sandbox: each of its cells is told, its variables are merged with ours, and ours
are written for it when asked.

Its client keeps two files beside the kernel's folder. `rlm_exec.py` is written before each of its cells, and runs as a
process of its own, which reads `rlm_state.json` when it begins and overwrites it when it ends.
"""
