"""Find features by name, pinyin, initials and traditional characters."""
