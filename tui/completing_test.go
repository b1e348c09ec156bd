package tui_test

import (
	"strings"
	"testing"
)

const tab, shiftTab, down = "\t", "\x1b[Z", "\x1b[B"

func TestCompletionAsOneTypes(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("import math" + enter)
	s.shows("module", "idle")
	s.press("ma")
	s.shows("▣ math", "◆ map")
	s.press("th.fl")
	s.shows("ƒ floor", "floor(x, /)", "Return the floor")
	s.press(tab)
	s.until("the word in the editor", func(text string) bool { return strings.Contains(text, "math.floor") && !strings.Contains(text, "╭") })
	s.press("(2.5)" + enter)
	s.shows("= 2")
}

func TestCompletionOfKeysAndParametersWhileACellRuns(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("ages = {'ada lovelace': 36, 'bob': 7}; import time" + enter)
	s.shows("ages", "idle")
	s.press("time.sleep(600)" + enter)
	s.shows("busy")
	s.press("ages['a")
	s.shows("¶ ada lovelace']")
	s.press(tab)
	s.shows("ages['ada lovelace']")
	s.press(ctrlC)
	s.shows("KeyboardInterrupt", "idle")
	s.press("\x15sorted([3], rev")
	s.shows("= reverse=", "── sorted(iterable")
	s.press(down + up + enter + "True)" + enter)
	s.shows("= [3]")
}

func TestDocsOfAWord(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.paste("def area(w, h):\n    \"\"\"How large it is.\"\"\"\n    return w * h")
	s.press(enter + enter)
	s.shows("function", "idle")
	s.press("area" + shiftTab)
	s.shows("How large it is.", "return w * h", "esc closes")
	s.press(escape)
	s.until("no docs", func(text string) bool { return !strings.Contains(text, "esc closes") })
	s.press(f1)
	s.shows("How large it is.", "esc closes")
	s.press("q")
	s.until("no docs", func(text string) bool { return !strings.Contains(text, "esc closes") })
	s.press("\x15sorted([3, 1], " + shiftTab)
	s.shows("esc closes", "Return a new list")
	s.press("q\x15" + f1)
	s.shows("interrupt the cell")
}

func TestAnUntouchedPopupTakesNoEnterAndAPasteOpensNone(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("value = 41" + enter)
	s.shows("value", "idle")
	s.press("val")
	s.shows("• value")
	s.press("ue" + enter)
	s.shows("= 41")
	s.paste("val")
	s.press("\x15pri")
	s.shows("ƒ print")
	s.press(escape)
	s.until("no popup", func(text string) bool { return !strings.Contains(text, "ƒ print") })
}

func TestAThousandNames(t *testing.T) {
	s := start(t, newPlace(t), 80, 24)
	s.shows("idle")
	s.press("globals().update({f'name_{i:04}': i for i in range(2500)})" + enter)
	s.shows("Variables 2,500", "idle")
	s.press("na" + up)
	s.shows("2500/2500", "name_2499")
	s.press("me_11")
	s.shows("1/100")
	s.press(down + enter)
	s.until("the second of a hundred", func(text string) bool { return strings.Contains(text, "❯ name_1101") })
}

func TestAPopupGoesWithWhatOpenedIt(t *testing.T) {
	s := start(t, newPlace(t), 120, 36)
	s.shows("idle")
	s.press("prin")
	s.shows("ƒ print")
	s.press("\x7f\x7f\x7f")
	s.shows("ƒ print", "property")
	s.press("\x7f")
	s.until("no popup", func(text string) bool { return !strings.Contains(text, "ƒ") })
	s.press("pri")
	s.shows("ƒ print")
	s.press(enter)
	s.until("the cell failed, and no popup", func(text string) bool { return strings.Contains(text, "NameError") && !strings.Contains(text, "ƒ") })
}

func TestThePopupLeavesTheCodeAboveInView(t *testing.T) {
	s := start(t, newPlace(t), 100, 30)
	s.shows("idle")
	s.press("first = [1," + enter + "'second'," + enter + "pri")
	s.shows("ƒ print", "❯ first = [1,", "│     'second',")
}
