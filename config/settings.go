package config

import (
	"fmt"
	"net/url"
	"slices"
	"strings"
)

// Config is the settings in effect, each of its own type. Its zero value is not the default: [Load] gives that.
type Config struct {
	Theme         string
	Background    string // auto, dark or light
	EditingMode   string // emacs or vi
	Instance      string
	Transport     string
	WorkerURL     string
	Python        string
	LocalsWidth   int // columns; 0 leaves it to the program
	LocalsShown   bool
	Notifications string // off, bell, osc9 or osc777
	Images        string // auto, kitty, iterm2, sixel or blocks
	ReducedMotion bool
	ASCII         bool
	Keys          []Binding // in the file's order
}

// Binding is the keys of one command, as the table [keys] has it.
type Binding struct {
	Command string
	Keys    []string // none: the command has no key
	Source  Source
}

// A setting is one row of the table that everything here is made from: reading, checking, the example and the listing.
type setting struct {
	key   string // dotted, as in the file
	env   string // the variable of the environment that comes before the file
	def   any    // a string, a bool or an int
	doc   string // sentences; lines as they are to stand in the example
	field func(*Config) any
	check func(any) error // says what may be
}

var settings = []setting{
	{"theme", "SANDREPL_THEME", "auto",
		"The theme's name, or auto: dark or light, by the background. f6 in the REPL lists them all.\nA theme of your own is a file in the folder themes beside this one.",
		func(c *Config) any { return &c.Theme }, nil},
	{"background", "SANDREPL_BACKGROUND", "auto",
		"What theme auto goes by: dark, light, or auto, which asks the terminal.",
		func(c *Config) any { return &c.Background }, oneOf("auto", "dark", "light")},
	{"editing_mode", "SANDREPL_EDITING_MODE", "emacs",
		"The keys of the editor: emacs or vi.",
		func(c *Config) any { return &c.EditingMode }, oneOf("emacs", "vi")},
	{"ascii", "SANDREPL_ASCII", false,
		"Draw the interface with ASCII alone, for fonts without its lines and symbols.",
		func(c *Config) any { return &c.ASCII }, nil},
	{"reduced_motion", "SANDREPL_REDUCED_MOTION", false,
		"Nothing moves or counts in tenths of seconds.",
		func(c *Config) any { return &c.ReducedMotion }, nil},
	{"images", "SANDREPL_IMAGES", "auto",
		"How pictures are drawn: kitty, iterm2, sixel, blocks (half blocks, which every terminal has), or auto,\nwhich goes by what the terminal says of itself.",
		func(c *Config) any { return &c.Images }, oneOf("auto", "kitty", "iterm2", "sixel", "blocks")},
	{"notifications", "SANDREPL_NOTIFICATIONS", "bell",
		"What tells of a cell that took more than 10 s and ended while the terminal had no focus:\nbell, osc9 (iTerm2, WezTerm, ghostty), osc777 (foot, urxvt), or off.",
		func(c *Config) any { return &c.Notifications }, oneOf("bell", "osc9", "osc777", "off")},
	{"worker_url", "RLM_CF_WORKER_URL", "",
		"The Worker whose sandboxes are used; empty for those on this machine. Its token is never written here:\nRLM_CF_AUTH_TOKEN in the environment holds it.",
		func(c *Config) any { return &c.WorkerURL }, isWorkerURL},
	{"instance", "SANDREPL_INSTANCE", "basic",
		"The Worker's instance type, by which costs are told.",
		func(c *Config) any { return &c.Instance }, nil},
	{"transport", "SANDREPL_TRANSPORT", "auto",
		"The way to a kernel: auto, connect (a WebSocket) or poll (any Worker).",
		func(c *Config) any { return &c.Transport }, oneOf("auto", "connect", "poll")},
	{"python", "SANDREPL_PYTHON", "",
		"The Python to use: a path or a name in the sandbox; empty for python3.",
		func(c *Config) any { return &c.Python }, nil},
	{"locals.width", "SANDREPL_LOCALS_WIDTH", 0,
		"The columns of the panel of locals; 0 for three tenths of the screen, or what its keys left it at.",
		func(c *Config) any { return &c.LocalsWidth }, between(0, 500)},
	{"locals.shown", "SANDREPL_LOCALS_SHOWN", true,
		"Whether the panel is there when the REPL starts.",
		func(c *Config) any { return &c.LocalsShown }, nil},
}

// keysTable is the table of key bindings, whose keys are the names of commands.
const keysTable = "keys"

func oneOf(values ...string) func(any) error {
	return func(v any) error {
		if got := v.(string); !slices.Contains(values, got) {
			hint := ""
			if near := Nearest(got, values); near != "" {
				hint = fmt.Sprintf(": did you mean %q?", near)
			}
			return fmt.Errorf("%q is none of %s%s", got, strings.Join(values, ", "), hint)
		}
		return nil
	}
}

func between(least, most int) func(any) error {
	return func(v any) error {
		if n := v.(int); n < least || n > most {
			return fmt.Errorf("%d is out of range: write a number from %d to %d", n, least, most)
		}
		return nil
	}
}

func isWorkerURL(v any) error {
	text := v.(string)
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	switch {
	case err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" && u.Scheme != "unix":
		return fmt.Errorf("it is no URL: it begins with https://, or with http:// on this machine") // the text may hold a secret
	case u.User != nil || u.RawQuery != "":
		return fmt.Errorf("it holds more than a place: put the token into RLM_CF_AUTH_TOKEN, never into this file")
	}
	return nil
}

// find is a setting by its key.
func find(key string) (setting, bool) {
	i := slices.IndexFunc(settings, func(s setting) bool { return s.key == key })
	if i < 0 {
		return setting{}, false
	}
	return settings[i], true
}
