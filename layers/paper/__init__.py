"""The print map part by part: the sheet, its frame, symbols, points, furniture, fonts."""
