"""Run the command line: ``python -m layers``."""

import sys

from layers.command.cli import main

sys.exit(main())
