"""Read each format of file: from bytes to cells, bounded, with nothing followed or run."""
