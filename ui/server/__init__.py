"""Answer what browsers ask for beside the pages, and get ready for the first visitor."""
