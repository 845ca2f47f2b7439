"""Write briefs as Word documents, in the office's own template or without one."""
