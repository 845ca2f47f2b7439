"""Hold what a person brings: own sites, own points, and the datasets saved under a name."""
