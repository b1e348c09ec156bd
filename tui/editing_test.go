package tui

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
)

func TestAnEditorIsNamedAsInAShell(t *testing.T) {
	folder := t.TempDir()
	script := filepath.Join(folder, "my editor")
	if err := os.WriteFile(script, []byte("#!/bin/sh\nprintf '%s|' \"$@\"\n"), 0o755); err != nil {
		t.Fatal(err)
	}
	t.Setenv("WHERE", folder)
	for name, want := range map[string]string{
		"'" + script + "' 'a b' c":   "a b|c|",
		`"$WHERE/my editor" --wait`:  "--wait|",
		`"$WHERE"/my\ editor "it's"`: "it's|",
	} {
		command := append(EditorCommand(name), "the file.py")
		out, err := exec.Command(command[0], command[1:]...).Output()
		if string(out) != want+"the file.py|" || err != nil {
			t.Errorf("%s: %q, %v", name, out, err)
		}
	}
	if plain := EditorCommand("code --wait"); !slices.Equal(plain, []string{"code", "--wait"}) {
		t.Errorf("no shell is needed for %q", plain)
	}
	if EditorCommand("  ") != nil {
		t.Error("a name of blanks is a command")
	}
}
