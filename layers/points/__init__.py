"""Draw many points: in classes of density, as pixels, tiles, counts and single signs."""
