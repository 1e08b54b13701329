"""Windows of Firefox, with its browser or without; `privileged/` is the code of ours that runs in it."""
