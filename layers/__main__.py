"""Run the command line: ``python -m layers``."""

import sys

from layers.cli import main

sys.exit(main())
