"""`python3 -m sandrepl_kernel ensure`, for a kernel that is not packed into an archive."""

import sys

from .launch import main

sys.exit(main(sys.argv[1:]))
