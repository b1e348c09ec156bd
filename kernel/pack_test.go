package kernel

import (
	"archive/zip"
	"bytes"
	"slices"
	"testing"
)

// TestWhatRunsFirstIsNotCompressed also finds a module that was renamed and is named in `first` still.
func TestWhatRunsFirstIsNotCompressed(t *testing.T) {
	archive, err := zip.NewReader(bytes.NewReader(Archive()), int64(len(Archive())))
	if err != nil {
		t.Fatal(err)
	}
	var stored []string
	for _, file := range archive.File {
		if file.Method == zip.Store {
			stored = append(stored, file.Name)
		}
	}
	want := slices.Sorted(slices.Values(first))
	if slices.Sort(stored); !slices.Equal(stored, want) {
		t.Errorf("stored as they are: %v; wanted: %v", stored, want)
	}
}
