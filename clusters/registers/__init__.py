"""Choose, count and add up the points of registers, however many they are."""
