package tui_test

import (
	"strings"
	"testing"
)

func TestCellsAreBrowsedRunAgainAndMended(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste("def broken():\n    return 1 / 0")
	s.press(enter + enter)
	s.shows("1 │ def broken", "idle")
	s.press("broken()" + enter)
	s.shows("ZeroDivisionError", "idle")
	s.press("\x1b[19~") // f8
	s.shows("❯ def broken")
	s.press("(")
	s.shows("(return 1 / 0")
	s.press(ctrlC + "print('x' * 3)" + enter)
	s.shows("xxx", "idle")
	s.press("\x0f") // ctrl+o
	s.shows("folds", "reads", "▌  3")
	s.press(up)
	s.shows("▌  2")
	s.press("/xxx" + enter)
	s.shows("1 of 1 lines", "▌  3")
	s.press("r")
	s.until("the cell twice", func(text string) bool { return strings.Count(text, "xxx") == 2 && strings.Contains(text, "idle") })
	s.press("\x0fword = 'typed'")
	s.until("the editor has what is no key of the cells", func(text string) bool {
		return strings.Contains(text, "ord = ") || strings.Contains(text, "word = ")
	})
}

func TestWhatIsPastedGoesWhereTextIsTaken(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("'x' + 'yz'" + enter)
	s.shows("= 'xyz'", "idle")
	s.press("\x1b[13~\x1b[13~" + "\x0f/") // f3 and back, the cells, a search
	s.paste("xyz\nmore")
	s.shows("/xyz", "1 of 1 lines")
	s.press(enter)
	s.paste("1 +\\\n  2")
	s.shows("❯ 1 +", "│   2")
	s.press(ctrlC + "\x1b[13~")
	s.paste("pasted = 3")
	s.shows("❯ pasted = 3")
}

func TestASearchThatIsGivenUpGivesTheKeysBack(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("1 + 1" + enter)
	s.shows("= 2")
	s.press("\x1b/queued")
	s.shows("/queued")
	s.press(escape)
	s.until("no bar", func(text string) bool {
		return !strings.Contains(text, "esc back") && !strings.Contains(text, "/queued")
	})
	s.press("rp = 3" + enter)
	s.shows("rp = 3", "= 2")
	if text := s.text(); strings.Count(text, "1 + 1") != 1 {
		t.Errorf("a key that was typed ran a cell:\n%s", text)
	}
}

func TestDocsLetGo(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	noDocs := func(text string) bool { return !strings.Contains(text, "esc closes") }
	s.press("len" + shiftTab)
	s.shows("esc closes", "number of items")
	s.press(ctrlC)
	s.until("no docs", noDocs)
	s.press("gth")
	s.shows("❯ length")
	s.press("\x15len" + shiftTab)
	s.shows("esc closes", "number of items")
	s.paste("gthy")
	s.until("no docs", noDocs)
	s.shows("❯ lengthy")
}

func TestUpIsHistoryWhereThePopupHasOneMatch(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("print('first')" + enter)
	s.shows("first", "idle")
	s.press("prin")
	s.shows("ƒ print")
	s.press(up)
	s.until("the earlier cell", func(text string) bool { return strings.Contains(text, "❯ print('first')") })
}
