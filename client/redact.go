package client

import (
	"regexp"
	"strings"
	"unicode"
)

// shortWord is how many letters a token that is nothing but letters may have and still be a word that messages hold.
const shortWord = 16

// redaction takes a token out of a server's words. One that could be a word of the message itself ("test") is taken out
// only where a token stands, after the name of one: elsewhere it would tell nothing, and mangle what is said.
func redaction(token string) func(string) string {
	switch {
	case token == "":
		return func(s string) string { return s }
	case len(token) < shortWord && !strings.ContainsFunc(token, func(r rune) bool { return !unicode.IsLetter(r) }):
		named := regexp.MustCompile(`(?i)((?:bearer|token|authorization|secret|password|key)\W+)` + regexp.QuoteMeta(token) + `\b`)
		return func(s string) string { return named.ReplaceAllString(s, "${1}[token]") }
	}
	return func(s string) string { return strings.ReplaceAll(s, token, "[token]") }
}
