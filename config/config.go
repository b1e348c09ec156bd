// Package config reads the user's settings: config.toml, and what the environment says before it. Each setting is one row of
// a table, from which reading, checking, the commented example and the listing are made. It knows no other package of ours:
// what a theme, a command or an instance is called is checked by who knows them, with the [Source] that Load gives.
package config

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/adrg/xdg"
	"github.com/pelletier/go-toml/v2"
	"github.com/pelletier/go-toml/v2/unstable"
)

// Dir is the folder of config.toml, and of the user's own themes.
func Dir() string { return filepath.Join(xdg.ConfigHome, "sandrepl") }

// Path is where the settings are looked for: SANDREPL_CONFIG names another file.
func Path() string {
	if named := os.Getenv("SANDREPL_CONFIG"); named != "" {
		return named
	}
	return filepath.Join(Dir(), "config.toml")
}

// Source is where a value comes from: a line of a file, a variable of the environment, or neither, the default.
type Source struct {
	Name string // a path, or a variable's name; empty for the default
	Line int    // 0 when it is no file's
}

func (s Source) String() string {
	switch {
	case s.Name == "":
		return "default"
	case s.Line > 0:
		return fmt.Sprintf("%s:%d", s.Name, s.Line)
	}
	return s.Name
}

// A SettingError is one thing that is wrong with the settings, and what to do about it.
type SettingError struct {
	Source Source
	What   string
}

func (p SettingError) Error() string { return p.Source.String() + ": " + p.What }

// Loaded is the settings and where each comes from.
type Loaded struct {
	Config
	Path string // of the file, whether it is there or not
	from map[string]Source
}

// From tells where the value of a key comes from.
func (l Loaded) From(key string) Source { return l.from[key] }

// Load reads the file, which need not be there, and the environment, and checks both. The error joins every [SettingError].
func Load(path string, env func(string) string) (Loaded, error) {
	l := Loaded{Path: path, from: map[string]Source{}}
	for _, s := range settings {
		_ = set(s.field(&l.Config), s.def)
	}
	data, err := os.ReadFile(path)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return l, fmt.Errorf("read the settings: %w: mend or remove that file", err)
	}
	problems := l.file(data)
	for _, s := range settings {
		if text := env(s.env); text != "" {
			from := Source{Name: s.env}
			value, err := parse(s.def, text)
			if err == nil {
				err = l.put(s, value, from)
			}
			if err != nil {
				problems = append(problems, SettingError{from, err.Error()})
			}
		}
	}
	return l, errors.Join(problems...)
}

// file takes in the file's text.
func (l *Loaded) file(data []byte) (problems []error) {
	var tree map[string]any
	if err := toml.Unmarshal(data, &tree); err != nil {
		line := 0
		var at *toml.DecodeError
		if errors.As(err, &at) {
			line, _ = at.Position()
		}
		what := strings.TrimPrefix(err.Error(), "toml: ")
		return []error{SettingError{Source{l.Path, line}, what + ": this is not TOML; strings stand in quotes, and each key once"}}
	}
	lines := keyLines(data)
	values := map[string]any{}
	flatten(tree, "", values)
	keys := slices.SortedFunc(maps.Keys(values), func(a, b string) int { return lines[a] - lines[b] })
	for _, key := range keys {
		at := Source{l.Path, lines[key]}
		if err := l.entry(key, values[key], at); err != nil {
			problems = append(problems, SettingError{at, err.Error()})
		}
	}
	return problems
}

func (l *Loaded) entry(key string, value any, at Source) error {
	if command, ok := strings.CutPrefix(key, keysTable+"."); ok {
		keys, err := keysOf(command, value)
		if err == nil {
			l.Keys = append(l.Keys, Binding{command, keys, at})
		}
		return err
	}
	s, known := find(key)
	if !known {
		return unknown(key)
	}
	return l.put(s, value, at)
}

// put checks and sets one value.
func (l *Loaded) put(s setting, value any, from Source) error {
	if n, ok := value.(int64); ok {
		value = int(n)
	}
	if fmt.Sprintf("%T", value) != fmt.Sprintf("%T", s.def) {
		return fmt.Errorf("%s is %s, not %s: write for example %s = %s", s.key, typeName(s.def), typeName(value), s.key, tomlValue(s.def))
	}
	if s.check != nil {
		if err := s.check(value); err != nil {
			return fmt.Errorf("%s: %w", s.key, err)
		}
	}
	l.from[s.key] = from
	return set(s.field(&l.Config), value)
}

func set(field, value any) error {
	switch f := field.(type) {
	case *string:
		*f = value.(string)
	case *bool:
		*f = value.(bool)
	case *int:
		*f = value.(int)
	}
	return nil
}

// parse reads a variable's text as a value of the setting's type.
func parse(def any, text string) (any, error) {
	switch def.(type) {
	case bool:
		v, err := strconv.ParseBool(text)
		if err != nil {
			return nil, fmt.Errorf("%q is neither true nor false: write 1 or 0", text)
		}
		return v, nil
	case int:
		v, err := strconv.Atoi(text)
		if err != nil {
			return nil, fmt.Errorf("%q is no number", text)
		}
		return v, nil
	}
	return text, nil
}

func unknown(key string) error {
	if strings.Contains(key, "token") || strings.Contains(key, "secret") {
		return fmt.Errorf("%s is no setting: a token does not belong into a file; RLM_CF_AUTH_TOKEN in the environment holds it", key)
	}
	names := make([]string, len(settings))
	for i, s := range settings {
		names[i] = s.key
	}
	if near := Nearest(key, names); near != "" {
		return fmt.Errorf("%s is no setting: did you mean %s?", key, near)
	}
	return fmt.Errorf("%s is no setting: sandrepl config --example lists them all", key)
}

func typeName(v any) string {
	switch v.(type) {
	case string:
		return "a string"
	case bool:
		return "true or false"
	case int, int64:
		return "a whole number"
	case []any:
		return "a list"
	}
	return "such a value"
}

func tomlValue(v any) string {
	if s, ok := v.(string); ok {
		return strconv.Quote(s)
	}
	return fmt.Sprint(v)
}

// flatten gives each value its dotted key; the names in the table of keys have dots of their own.
func flatten(tree map[string]any, prefix string, into map[string]any) {
	for key, value := range tree {
		if below, ok := value.(map[string]any); ok && (len(below) > 0 || prefix != "") {
			flatten(below, prefix+key+".", into)
		} else if !ok {
			into[prefix+key] = value
		}
	}
}

// keyLines tells the line of each dotted key of a valid text.
func keyLines(data []byte) map[string]int {
	lines := map[string]int{}
	table := ""
	parser := unstable.Parser{}
	parser.Reset(data)
	var walk func(prefix string, n *unstable.Node, line int)
	walk = func(prefix string, n *unstable.Node, line int) {
		name := prefix
		for key := n.Key(); key.Next(); {
			name += string(key.Node().Data) + "."
			if line == 0 {
				line = parser.Shape(key.Node().Raw).Start.Line
			}
		}
		if value := n.Value(); value.Kind == unstable.InlineTable {
			for below := value.Children(); below.Next(); {
				walk(name, below.Node(), line)
			}
		}
		lines[strings.TrimSuffix(name, ".")] = line
	}
	for parser.NextExpression() {
		switch e := parser.Expression(); e.Kind {
		case unstable.Table, unstable.ArrayTable:
			table = ""
			for key := e.Key(); key.Next(); {
				table += string(key.Node().Data) + "."
			}
		case unstable.KeyValue:
			walk(table, e, 0)
		}
	}
	return lines
}
