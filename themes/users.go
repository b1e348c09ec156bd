package themes

import (
	"bytes"
	"errors"
	"fmt"
	"image/color"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/pelletier/go-toml/v2"
)

// roleNames are the roles as a file of the user's names them.
var roleNames = map[string]Role{
	"background": Background, "foreground": Foreground, "muted": Muted, "faint": Faint, "accent": Accent, "selection": Selection,
	"cursorline": Cursorline, "success": Success, "warning": Warning, "error": Error, "info": Info, "stderr": Stderr, "agent": Agent,
	"keyword": Keyword, "constant": Constant, "string": String, "escape": Escape, "number": Number, "comment": Comment,
	"function": Function, "class": Class, "builtin": Builtin, "exception": Exception, "decorator": Decorator, "namespace": Namespace,
	"operator": Operator, "punctuation": Punctuation,
}

// Names are the themes' names, in order.
func Names(all []Theme) []string {
	names := make([]string, len(all))
	for i, t := range all {
		names[i] = t.Name
	}
	return names
}

// Named is the theme of that name.
func Named(all []Theme, name string) (Theme, bool) {
	i := slices.IndexFunc(all, func(t Theme) bool { return t.Name == name })
	if i < 0 {
		return Theme{}, false
	}
	return all[i], true
}

// All are the themes that come with the program, and those in the folder: NAME.toml, with what it inherits, "dark" if it does
// not say, and a table of colours by role. A text of theirs that is hard to read is warned of; the error joins what is wrong
// in every file, with its line.
func All(folder string) (all []Theme, warnings []string, err error) {
	all = slices.Clone(builtin())
	files, err := filepath.Glob(filepath.Join(folder, "*.toml"))
	if err != nil {
		return all, nil, fmt.Errorf("look for themes: %w", err)
	}
	var problems []error
	for _, path := range files {
		data, err := os.ReadFile(path)
		if err != nil {
			problems = append(problems, fmt.Errorf("read a theme: %w", err))
			continue
		}
		theme, err := parse(path, data)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if i := slices.IndexFunc(all, func(t Theme) bool { return t.Name == theme.Name }); i >= 0 {
			all[i] = theme
		} else {
			all = append(all, theme)
		}
		if warning := theme.unreadable(); warning != "" {
			warnings = append(warnings, fmt.Sprintf("theme %s: %s", theme.Name, warning))
		}
	}
	return all, warnings, errors.Join(problems...)
}

func parse(path string, data []byte) (Theme, error) {
	var file struct {
		Inherits string            `toml:"inherits"`
		Colours  map[string]string `toml:"colours"`
	}
	wrong := func(line int, format string, args ...any) error {
		return fmt.Errorf("%s:%d: %s", path, line, fmt.Sprintf(format, args...))
	}
	if err := toml.NewDecoder(bytes.NewReader(data)).DisallowUnknownFields().Decode(&file); err != nil {
		line, what := 1, strings.TrimPrefix(err.Error(), "toml: ")
		var at *toml.DecodeError
		var strict *toml.StrictMissingError
		if errors.As(err, &strict) && len(strict.Errors) > 0 {
			line, _ = strict.Errors[0].Position()
			what = fmt.Sprintf("%s is nothing that a theme has", strings.Join(strict.Errors[0].Key(), "."))
		} else if errors.As(err, &at) {
			line, _ = at.Position()
		}
		return Theme{}, wrong(line, "%s: a theme has inherits = \"dark\" and a table [colours], such as keyword = \"#c3a6f5\"", what)
	}
	base := Dark()
	if file.Inherits != "" {
		var ok bool
		if base, ok = Named(builtin(), file.Inherits); !ok {
			return Theme{}, wrong(lineOf(data, "inherits"), "there is no theme %s to inherit: there are %s", file.Inherits, strings.Join(Names(builtin()), ", "))
		}
	}
	colours := base.look.colours
	for _, name := range slices.Sorted(maps.Keys(file.Colours)) {
		role, ok := roleNames[name]
		if !ok {
			return Theme{}, wrong(lineOf(data, name), "there is no role %s: there are %s", name, strings.Join(slices.Sorted(maps.Keys(roleNames)), ", "))
		}
		c, ok := parseColour(file.Colours[name])
		if !ok {
			return Theme{}, wrong(lineOf(data, name), "%s: %q is no colour: write it as \"#c3a6f5\"", name, file.Colours[name])
		}
		colours[role] = c
	}
	dark := luminance(colours[Background]) < 0.18
	return newTheme(strings.TrimSuffix(filepath.Base(path), ".toml"), dark, colours), nil
}

// lineOf is the line that a key of a valid file stands on.
func lineOf(data []byte, key string) int {
	for i, line := range strings.Split(string(data), "\n") {
		if rest, ok := strings.CutPrefix(strings.Trim(strings.TrimSpace(line), `"'`), key); ok && strings.HasPrefix(strings.TrimLeft(rest, ` "'`), "=") {
			return i + 1
		}
	}
	return 1
}

func parseColour(text string) (color.RGBA, bool) {
	digits, ok := strings.CutPrefix(text, "#")
	if len(digits) == 3 {
		digits = strings.Join([]string{digits[:1], digits[:1], digits[1:2], digits[1:2], digits[2:], digits[2:]}, "")
	}
	n, err := strconv.ParseUint(digits, 16, 32)
	return rgb(uint32(n)), ok && err == nil && len(digits) == 6
}

// unreadable says which texts have too little contrast.
func (t Theme) unreadable() string {
	var low []string
	for _, name := range slices.Sorted(maps.Keys(roleNames)) {
		r := roleNames[name]
		if r == Faint || isBackground(r) {
			continue
		}
		for _, ground := range []Role{Background, Selection, Cursorline} {
			if Contrast(t.look.colours[r], t.look.colours[ground]) < minContrast {
				low = append(low, name)
				break
			}
		}
	}
	if len(low) == 0 {
		return ""
	}
	return fmt.Sprintf("%s can hardly be read: its contrast with the background, the selection or the cursor's line is below 4.5:1", strings.Join(low, ", "))
}
