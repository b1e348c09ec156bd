"""The entry of the zip application: `python3 kernel-HASH.pyz ensure`."""

import sys

from sandrepl_kernel.launch import run

run(sys.argv[1:])
