"""The entry of the zip application: `python3 kernel-HASH.pyz ensure`."""

import os
import sys

from sandrepl_kernel.launch import main

status = main(sys.argv[1:])
sys.stderr.flush()
os._exit(status)  # nothing is left to do: taking the interpreter down in order would double the time
