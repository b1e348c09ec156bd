package config

import (
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func nothing(string) string { return "" }

func written(t *testing.T, text string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "config.toml")
	if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestNoFileIsTheDefaults(t *testing.T) {
	l, err := Load(filepath.Join(t.TempDir(), "none.toml"), nothing)
	if err != nil {
		t.Fatal(err)
	}
	want := Config{Theme: "auto", Background: "auto", EditingMode: "emacs", Instance: "basic", Transport: "auto", LocalsShown: true, Images: "auto", Notifications: "bell"}
	if diff := cmp.Diff(want, l.Config); diff != "" {
		t.Error(diff)
	}
}

func TestEveryValueIsReadWithItsLine(t *testing.T) {
	path := written(t, `theme = "nord"
reduced_motion = true
worker_url = "https://sandbox.example.workers.dev"
locals = { width = 40, shown = false }

[keys]
"editor.run" = ["enter", "ctrl+m"]
session.help = "shift+alt+x"
"session.quit" = []
`)
	l, err := Load(path, func(name string) string {
		return map[string]string{"SANDREPL_THEME": "dracula", "SANDREPL_ASCII": "1"}[name]
	})
	if err != nil {
		t.Fatal(err)
	}
	if l.Theme != "dracula" || !l.ReducedMotion || !l.ASCII || l.WorkerURL != "https://sandbox.example.workers.dev" || l.LocalsWidth != 40 || l.LocalsShown {
		t.Errorf("%+v", l.Config)
	}
	want := []Binding{
		{"editor.run", []string{"enter", "ctrl+m"}, Source{path, 7}},
		{"session.help", []string{"alt+shift+x"}, Source{path, 8}},
		{"session.quit", nil, Source{path, 9}},
	}
	if diff := cmp.Diff(want, l.Keys); diff != "" {
		t.Error(diff)
	}
	for key, want := range map[string]Source{"theme": {"SANDREPL_THEME", 0}, "locals.width": {path, 4}, "reduced_motion": {path, 2}, "python": {}} {
		if got := l.From(key); got != want {
			t.Errorf("%s comes from %v, want %v", key, got, want)
		}
	}
	if err := l.Override("theme", "theme", "light"); err != nil || l.Theme != "light" || l.From("theme").Name != "--theme" {
		t.Errorf("the flag: %v, %s from %v", err, l.Theme, l.From("theme"))
	}
}

func TestWhatIsWrongIsSaidWithLineAndRemedy(t *testing.T) {
	for text, want := range map[string]string{
		"\nthme = 'x'":                                    `:2: thme is no setting: did you mean theme?`,
		"[locals]\nwidht = 3":                             `:2: locals.widht is no setting: did you mean locals.width?`,
		"completely_else = 3":                             `:1: completely_else is no setting: sandrepl config --example lists them all`,
		"auth_token = 'x'":                                `:1: auth_token is no setting: a token does not belong into a file; RLM_CF_AUTH_TOKEN in the environment holds it`,
		"ascii = 'yes'":                                   `:1: ascii is true or false, not a string: write for example ascii = false`,
		"theme = 3":                                       `:1: theme is a string, not a whole number: write for example theme = "auto"`,
		"[locals]\nwidth = -1":                            `:2: locals.width: -1 is out of range`,
		"# x\n\nbackground = 'drak'":                      `:3: background: "drak" is none of auto, dark, light: did you mean "dark"?`,
		"worker_url = 'https://me:hush@x.dev'":            `:1: worker_url: it holds more than a place: put the token into RLM_CF_AUTH_TOKEN`,
		"worker_url = 'x.dev'":                            `:1: worker_url: it is no URL`,
		"theme = nord":                                    `:1: `,
		"theme = 'a'\ntheme = 'b'":                        `:2: `,
		"[keys]\n'editor.run' = 'C-x'":                    `:2: "C-x" is no key: did you mean "ctrl+x"?`,
		"[keys]\n'editor.run' = ['f1', 'control-escape']": `:2: "control-escape" is no key: did you mean "ctrl+esc"?`,
		"[keys]\n'editor.run' = 'f99'":                    `:2: "f99" is no key: write a character, f1 to f63`,
		"[keys]\n'editor.run' = ' '":                      `the space bar is called space`,
		"[keys]\n'editor.run' = 3":                        `:2: the keys of editor.run are a string or a list`,
	} {
		_, err := Load(written(t, text), nothing)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: %v, want %q", text, err, want)
		}
		if err != nil && strings.Contains(err.Error(), "hush") {
			t.Errorf("%q: the error holds a secret: %v", text, err)
		}
	}
	_, err := Load(written(t, ""), func(name string) string { return map[string]string{"SANDREPL_ASCII": "maybe"}[name] })
	if err == nil || !strings.Contains(err.Error(), `SANDREPL_ASCII: "maybe" is neither`) {
		t.Errorf("the environment: %v", err)
	}
}

func TestEveryProblemIsTold(t *testing.T) {
	_, err := Load(written(t, "thme = 1\nascii = 2\n"), nothing)
	if err == nil || strings.Count(err.Error(), "\n") != 1 {
		t.Errorf("two problems: %v", err)
	}
}

// TestTheExampleIsComplete: it reads as the defaults, names every field of Config, and stays valid when every key is bound.
func TestTheExampleIsComplete(t *testing.T) {
	commands := []Command{{"session.help", "help", []string{"f1"}}, {"editor.run", "run \"it\"", []string{"enter", "\\"}}}
	example := Example(commands)
	l, err := Load(written(t, example), nothing)
	if err != nil {
		t.Fatalf("%v\n%s", err, example)
	}
	none, _ := Load(filepath.Join(t.TempDir(), "none"), nothing)
	if diff := cmp.Diff(none.Config, l.Config); diff != "" {
		t.Error(diff)
	}
	if n := reflect.TypeFor[Config]().NumField(); n != len(settings)+1 {
		t.Errorf("%d fields, %d settings and the keys", n, len(settings))
	}
	for _, s := range settings {
		if l.From(s.key).Line == 0 || !strings.Contains(example, s.env) || s.doc == "" {
			t.Errorf("%s is not in the example, or not explained", s.key)
		}
	}
	if l, err = Load(written(t, strings.ReplaceAll(example, `# "`, `"`)), nothing); err != nil || len(l.Keys) != len(commands) {
		t.Errorf("with its keys: %v, %v", err, l.Keys)
	}
}

func TestTheStateIsKept(t *testing.T) {
	path := filepath.Join(t.TempDir(), "new", "screen.json")
	if got := LoadState(path); got != (State{}) {
		t.Errorf("from nothing: %+v", got)
	}
	want := State{LocalsWidth: 44, LocalsRows: 7, LocalsHidden: true, EditorRows: 3, Theme: "nord", Welcomed: true}
	if err := want.Save(path); err != nil {
		t.Fatal(err)
	}
	if got := LoadState(path); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	if err := os.WriteFile(path, []byte("{half"), 0o600); err != nil {
		t.Fatal(err)
	}
	if got := LoadState(path); got != (State{}) {
		t.Errorf("from half a file: %+v", got)
	}
}
