package rich

import (
	"regexp"
	"strings"
	"unicode/utf8"
)

// What \over and \choose leave between what is over and what is under.
const overMark, chooseMark = "\x00", "\x01"

// stacked puts what \over or \choose is between.
func stacked(text string) string {
	if a, b, ok := strings.Cut(text, overMark); ok {
		return fraction(strings.TrimSpace(a), strings.TrimSpace(b))
	}
	if a, b, ok := strings.Cut(text, chooseMark); ok {
		return "C(" + strings.TrimSpace(a) + ", " + strings.TrimSpace(b) + ")"
	}
	return text
}

// differential is a d, or its like, and what it is of.
var differential = regexp.MustCompile(`^([d∂][⁰¹²³⁴-⁹ⁿ]?) (\S+)$`)

// chemical is a formula of mhchem with its numbers below.
func chemical(text string) string {
	var b strings.Builder
	for i, r := range text {
		if small, ok := subscripts[r]; ok && r >= '0' && r <= '9' && i > 0 && text[i-1] != ' ' && text[i-1] != '+' {
			r = small
		}
		b.WriteRune(r)
	}
	return strings.ReplaceAll(b.String(), "->", "→")
}

// fraction is a over b, in brackets where those are more than one thing.
func fraction(a, b string) string {
	a, b = differential.ReplaceAllString(a, "$1$2"), differential.ReplaceAllString(b, "$1$2")
	if f, ok := fractions[a+"/"+b]; ok {
		return f
	}
	return bracketed(a) + "/" + bracketed(b)
}

func bracketed(s string) string {
	if single(s) {
		return s
	}
	return "(" + s + ")"
}

// single tells whether text reads as one thing: nothing in it binds less than what stands beside it.
func single(s string) bool {
	depth := 0
	for i, r := range s {
		switch {
		case strings.ContainsRune("([{⟨|", r) && depth == 0 && i > 0 && r == '|':
		case strings.ContainsRune("([{⟨", r):
			depth++
		case strings.ContainsRune(")]}⟩", r):
			depth--
		case depth == 0 && (r == ' ' || r == '/' || r == '·' || r == '×' || strings.ContainsRune("+-−±=<>,", r) && i > 0):
			return false
		}
	}
	return true
}

func root(index, of string) string {
	sign := map[string]string{"": "√", "2": "√", "3": "∛", "4": "∜"}[index]
	if sign == "" {
		if sign = raised(Math(index), superscripts); sign == "" {
			sign = Math(index)
		}
		sign += "√"
	}
	if utf8.RuneCountInString(of) == 1 || of != "" && strings.Trim(of, "0123456789") == "" {
		return sign + of
	}
	return sign + "(" + of + ")"
}

// script writes what is above or below: in Unicode's letters where it has all of them.
func script(mark rune, text string) string {
	letters := superscripts
	if mark == '_' {
		letters = subscripts
	}
	if text == "" {
		return ""
	}
	if text == "∘" || text == "°" {
		return "°"
	}
	if small := raised(strings.ReplaceAll(text, " ", ""), letters); small != "" {
		return small
	}
	if utf8.RuneCountInString(text) == 1 {
		return string(mark) + text
	}
	if strings.Trim(text, "′*†‡⊤⊥") == "" {
		return text
	}
	return string(mark) + "(" + text + ")"
}

func raised(text string, letters map[rune]rune) string {
	var b strings.Builder
	for _, r := range text {
		small, ok := letters[r]
		if !ok {
			return ""
		}
		b.WriteRune(small)
	}
	return b.String()
}

func accented(text, mark string) string {
	if utf8.RuneCountInString(text) == 1 {
		return text + mark
	}
	if text == "" {
		return ""
	}
	if mark == "\u0305" || mark == "\u0332" {
		return strings.Join(strings.Split(text, ""), mark) + mark
	}
	first, size := utf8.DecodeRuneInString(text)
	return string(first) + mark + text[size:]
}
