package config

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"
)

// named are the keys that have a name, as it is written here.
var named = []string{
	"enter", "tab", "backspace", "esc", "space", "up", "down", "left", "right", "home", "end", "pgup", "pgdown", "insert", "delete",
}

// modifiers, in the order in which they are written.
var modifiers = []string{"ctrl", "alt", "shift", "meta", "super"}

// otherNames are what other programs call these keys.
var otherNames = map[string]string{
	"return": "enter", "escape": "esc", "del": "delete", "ins": "insert", "pageup": "pgup", "pagedown": "pgdown", "pgdn": "pgdown",
	"control": "ctrl", "c": "ctrl", "m": "alt", "option": "alt", "opt": "alt", "meta": "alt", "s": "shift", "cmd": "super", "spacebar": "space",
}

var functionKey = regexp.MustCompile(`^f([1-9]|[1-5][0-9]|6[0-3])$`)

// keysOf is what a binding's value says: one key or a list, of none too.
func keysOf(command string, value any) ([]string, error) {
	var keys []string
	switch v := value.(type) {
	case string:
		if v != "" {
			keys = []string{v}
		}
	case []any:
		for _, one := range v {
			text, ok := one.(string)
			if !ok {
				return nil, fmt.Errorf("the keys of %s are strings: write \"ctrl+x\", or [\"ctrl+x\", \"f6\"]", command)
			}
			keys = append(keys, text)
		}
	default:
		return nil, fmt.Errorf("the keys of %s are a string or a list of strings: write \"ctrl+x\", or [\"ctrl+x\", \"f6\"]", command)
	}
	for i, k := range keys {
		var strokes []string
		for stroke := range strings.FieldsSeq(k) {
			canonical, err := keystroke(stroke)
			if err != nil {
				return nil, err
			}
			strokes = append(strokes, canonical)
		}
		if len(strokes) == 0 {
			return nil, fmt.Errorf("%q is no key: the space bar is called space; [] takes every key away", k)
		}
		keys[i] = strings.Join(strokes, " ")
	}
	return keys, nil
}

// keystroke checks one key, and puts its modifiers into order.
func keystroke(text string) (string, error) {
	parts := strings.Split(text, "+")
	if strings.HasSuffix(text, "+") { // the key + itself
		parts = append(slices.DeleteFunc(parts, func(p string) bool { return p == "" }), "+")
	}
	base, held := parts[len(parts)-1], parts[:len(parts)-1]
	if utf8.RuneCountInString(base) != 1 && !slices.Contains(named, base) && !functionKey.MatchString(base) {
		return "", notAKey(text)
	}
	for i, m := range held {
		if !slices.Contains(modifiers, m) || slices.Contains(held[:i], m) {
			return "", notAKey(text)
		}
	}
	var ordered []string
	for _, m := range modifiers {
		if slices.Contains(held, m) {
			ordered = append(ordered, m)
		}
	}
	if len(ordered) == 1 && ordered[0] == "shift" && utf8.RuneCountInString(base) == 1 && strings.ToUpper(base) != base {
		return strings.ToUpper(base), nil // terminals send the letter
	}
	return strings.Join(append(ordered, base), "+"), nil
}

// notAKey guesses what was meant.
func notAKey(text string) error {
	parts := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == '-' || r == '+' || r == '_' })
	for i, p := range parts {
		if other, ok := otherNames[p]; ok && (i < len(parts)-1 || len(p) > 1) {
			parts[i] = other
		}
	}
	guess := strings.Join(parts, "+")
	if guess != text && guess != "" {
		if canonical, err := keystroke(guess); err == nil {
			return fmt.Errorf("%q is no key: did you mean %q?", text, canonical)
		}
	}
	return fmt.Errorf("%s is no key: write a character, f1 to f63, or one of %s, after ctrl+, alt+ or shift+", strconv.Quote(text), strings.Join(named, ", "))
}

// Nearest is the name that differs least from what was written, or "" when none is near.
func Nearest(written string, names []string) string {
	best, least := "", max(len(written)/3, 1)+1
	for _, name := range names {
		if d := distance(strings.ToLower(written), name); d < least {
			best, least = name, d
		}
	}
	return best
}

// distance is how many characters must be put in, taken out, changed or swapped with the next to make a into b.
func distance(a, b string) int {
	from, to := []rune(a), []rune(b)
	rows := make([][]int, len(from)+1)
	for i := range rows {
		rows[i] = make([]int, len(to)+1)
		for j := range rows[i] {
			switch {
			case i == 0:
				rows[i][j] = j
			case j == 0:
				rows[i][j] = i
			default:
				change := 1
				if from[i-1] == to[j-1] {
					change = 0
				}
				rows[i][j] = min(rows[i-1][j]+1, rows[i][j-1]+1, rows[i-1][j-1]+change)
				if i > 1 && j > 1 && from[i-1] == to[j-2] && from[i-2] == to[j-1] {
					rows[i][j] = min(rows[i][j], rows[i-2][j-2]+1)
				}
			}
		}
	}
	return rows[len(from)][len(to)]
}
