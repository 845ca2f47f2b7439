"""Stand in the way of a package that only development brings: it takes a second at each start."""

raise ImportError("whoever runs the atlas has it not")
