package themes

import (
	"bytes"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// TestLexersAreChromas holds that the lexers are those of the chroma that is used: copy them from there when it is updated.
func TestLexersAreChromas(t *testing.T) {
	dir, err := exec.CommandContext(t.Context(), "go", "list", "-m", "-f", "{{.Dir}}", "github.com/alecthomas/chroma/v2").Output()
	if err != nil {
		t.Fatal(err)
	}
	paths, err := fs.Glob(lexerFiles, "lexers/*.xml")
	if err != nil || len(paths) == 0 {
		t.Fatalf("%d lexers, %v", len(paths), err)
	}
	for _, path := range paths {
		want, err := os.ReadFile(filepath.Join(strings.TrimSpace(string(dir)), "lexers", "embedded", filepath.Base(path)))
		if err != nil {
			t.Error(err)
			continue
		}
		if got, _ := lexerFiles.ReadFile(path); !bytes.Equal(got, want) {
			t.Errorf("%s is not chroma's", path)
		}
	}
}

// TestLexersAreReadWhenTheyAreUsed holds that the package that reads every language at the start is in no binary of ours.
func TestLexersAreReadWhenTheyAreUsed(t *testing.T) {
	out, err := exec.CommandContext(t.Context(), "go", "list", "-deps", "..").Output()
	if err != nil {
		t.Fatal(err)
	}
	if strings.Contains(string(out), "chroma/v2/lexers\n") {
		t.Error("chroma's lexers are linked: each start of the program reads them all")
	}
	for _, language := range []string{"json", "bash", "sh", "console", "sql", "html", "js", "yaml", "toml", "diff", "c++", "rust"} {
		if lexers().Get(language) == nil {
			t.Errorf("no lexer for %s", language)
		}
	}
}
