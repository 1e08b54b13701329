"""What browsers share whose windows or tabs are opened by programs: found, started, supervised, each with a profile."""
