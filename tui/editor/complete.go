package editor

import "strings"

// Complete tells whether Enter at the end of this code runs it, by the editor's rules.
func Complete(code string) bool { return analyse(strings.Split(code, "\n")).complete() }

// Ended tells whether a block of code is over because this line comes after it: the line is a statement of its own.
func Ended(code, line string) bool {
	if line == "" || strings.ContainsAny(line[:1], " \t#)]}") || !Complete(code+"\n") || Complete(code) {
		return false
	}
	switch firstWord(line) {
	case "else", "elif", "except", "finally":
		return false
	}
	return true
}
