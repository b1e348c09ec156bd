package config

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/adrg/xdg"
)

// State is what the screen remembers from one run to the next. It is nobody's setting: a setting comes before it.
type State struct {
	LocalsWidth  int    `json:"locals_width,omitempty"` // columns, as its keys left it
	LocalsRows   int    `json:"locals_rows,omitempty"`  // where they lie above the cells
	LocalsHidden bool   `json:"locals_hidden,omitempty"`
	EditorRows   int    `json:"editor_rows,omitempty"`
	Theme        string `json:"theme,omitempty"`    // as chosen in the REPL
	Welcomed     bool   `json:"welcomed,omitempty"` // the first hint was shown, and a cell run since
}

// StatePath is screen.json in this program's folder of the XDG state home.
func StatePath() string { return filepath.Join(xdg.StateHome, "sandrepl", "screen.json") }

// LoadState is what was remembered; nothing when there is no such file, or no sense in it.
func LoadState(path string) State {
	var s State
	data, err := os.ReadFile(path)
	if err != nil || json.Unmarshal(data, &s) != nil {
		return State{}
	}
	for _, size := range []*int{&s.LocalsWidth, &s.LocalsRows, &s.EditorRows} {
		*size = min(max(*size, 0), 500)
	}
	return s
}

// Save writes the state in one step, so that no reader sees half of it.
func (s State) Save(path string) error {
	data, err := json.Marshal(s)
	if err != nil {
		return fmt.Errorf("remember the screen: %w", err)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o700); err != nil {
		return fmt.Errorf("remember the screen: %w", err)
	}
	file, err := os.CreateTemp(filepath.Dir(path), ".screen-*")
	if err != nil {
		return fmt.Errorf("remember the screen: %w", err)
	}
	defer os.Remove(file.Name())
	_, err = file.Write(data)
	if closing := file.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(file.Name(), path)
	}
	if err != nil {
		return fmt.Errorf("remember the screen: %w", err)
	}
	return nil
}
