package sanitize

import (
	"fmt"
	"unicode"
)

// maxMarks is the longest run of combining marks that is kept after a base character: the bound of Unicode's
// Stream-Safe Text Format (UAX #15), which no real script exceeds.
const maxMarks = 30

// kind says what becomes of a character that is neither ASCII nor a C1 control.
type kind uint8

const (
	plain    kind = iota
	mark          // combining: kept, up to maxMarks in a row
	joiner        // U+200C, U+200D and the two emoji selectors: invisible, but scripts and emoji need them
	selector      // any other variation selector: changes a glyph's shape at most, can carry hidden bytes
	hidden        // invisible, or reorders what is around it: shown by its number
)

func classify(r rune) kind {
	switch {
	case r >= 0xA1 && r < 0x300 && r != 0xAD, // Latin
		r >= 0x370 && r < 0x483,     // Greek, Cyrillic
		r >= 0x2100 && r < 0x2CEF,   // symbols, box drawing, Braille
		r >= 0x3165 && r < 0xA66F,   // CJK and Yi
		r >= 0xAC00 && r < 0xD7B0,   // Hangul
		r >= 0xF900 && r < 0xFB1E,   // CJK compatibility, Latin ligatures
		r >= 0x1F000 && r < 0x1FB00: // emoji
		return plain
	}
	return lookUp(r)
}

// lookUp classifies by Unicode's tables; classify spares the common scripts that.
func lookUp(r rune) kind {
	switch {
	case r == 0x200C, r == 0x200D, r == 0xFE0E, r == 0xFE0F:
		return joiner
	case unicode.Is(unicode.Variation_Selector, r):
		return selector
	case unicode.Is(unicode.Prepended_Concatenation_Mark, r):
		return plain // in category Cf, and yet visible
	case unicode.In(r, unicode.Cf, unicode.Zl, unicode.Zp, unicode.Other_Default_Ignorable_Code_Point,
		unicode.Noncharacter_Code_Point):
		return hidden
	case unicode.In(r, unicode.Mn, unicode.Me):
		return mark
	}
	return plain
}

// byNumber names a character that must not be shown as itself: "⟨U+202E⟩".
func byNumber(r rune) string { return fmt.Sprintf("⟨U+%04X⟩", r) }
