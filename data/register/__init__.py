"""Hold a register of many points (up to tens of millions) in columns, sorted along a curve."""
