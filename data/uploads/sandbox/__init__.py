"""Read files of strangers in bounded processes of their own."""
