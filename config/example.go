package config

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"
)

// Command is one command that keys can be bound to, for the example.
type Command struct {
	Name string
	Does string
	Keys []string
}

// Example is a config.toml with every setting at its default, explained, and every command's keys commented out.
func Example(commands []Command) string {
	var b strings.Builder
	b.WriteString("# The settings of sandrepl, each at its default. A flag comes before the environment, and that before this file.\n")
	table := ""
	for _, s := range settings {
		name := s.key
		if in, key, nested := strings.Cut(s.key, "."); nested {
			if in != table {
				fmt.Fprintf(&b, "\n[%s]\n", in)
				table = in
			}
			name = key
		}
		fmt.Fprintf(&b, "\n# %s\n# In the environment: %s\n%s = %s\n", strings.ReplaceAll(s.doc, "\n", "\n# "), s.env, name, tomlValue(s.def))
	}
	fmt.Fprintf(&b, "\n# Keys by command: one, or a list; [] takes every key away. Take the # from a line to change it.\n[%s]\n", keysTable)
	for _, c := range commands {
		keys := make([]string, len(c.Keys))
		for i, k := range c.Keys {
			keys[i] = strconv.Quote(k)
		}
		fmt.Fprintf(&b, "# %q = [%s] # %s\n", c.Name, strings.Join(keys, ", "), c.Does)
	}
	return b.String()
}

// Print lists every setting in effect, and where it comes from.
func (l Loaded) Print(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, s := range settings {
		value := s.field(&l.Config)
		switch v := value.(type) {
		case *string:
			value = *v
		case *bool:
			value = *v
		case *int:
			value = *v
		}
		fmt.Fprintf(table, "%s = %s\t# %s\n", s.key, tomlValue(value), l.From(s.key))
	}
	for _, k := range l.Keys {
		fmt.Fprintf(table, "%s.%q = %q\t# %s\n", keysTable, k.Command, k.Keys, k.Source)
	}
	return table.Flush()
}

// Override puts a flag's value before all others; it is checked as they are.
func (l *Loaded) Override(key, flag string, text string) error {
	s, ok := find(key)
	if !ok {
		return unknown(key)
	}
	from := Source{Name: "--" + flag}
	value, err := parse(s.def, text)
	if err == nil {
		err = l.put(s, value, from)
	}
	if err != nil {
		return SettingError{from, err.Error()}
	}
	return nil
}
