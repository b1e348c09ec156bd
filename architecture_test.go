package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/sandrepl/sandrepl"

// rooms says, for each package of ours, which others of ours it may import, and why no more. A package that is not listed
// goes by its parent's entry with "/*".
var rooms = map[string]struct {
	may []string
	why string
}{
	"":          {[]string{"*"}, "main wires everything"},
	"tui":       {[]string{"tui/*", "session", "history", "themes", "pricing"}, "the screen knows cells and events, never HTTP or how a sandbox is made"},
	"tui/*":     {[]string{"themes"}, "a component is a value that knows no sibling and no parent: it reports, and the root model routes"},
	"tui/rich":  {[]string{"themes", "tui/sanitize"}, "what it reads can write a character in ways that only it undoes, so the border is in it"},
	"session":   {[]string{"client", "kernel"}, "a program without a terminal uses it as a library, against any server"},
	"sandbox":   {[]string{"client"}, "the server shares the wire types with its clients, and knows nothing of kernels or sessions"},
	"client":    {nil, "the Worker API alone, for any program"},
	"client/*":  {[]string{"client", "client/*"}, "the contract's suite, for the tests of any server: it knows the wire and no server"},
	"doctor":    {[]string{"client", "session"}, "it goes the way that a session goes, part by part"},
	"kernel":    {nil, "a Python program and its bytes: it knows no transport"},
	"export":    {[]string{"session", "themes"}, "it writes what events tell and reads files of cells, for any program; themes tells it where a string of Python ends"},
	"history":   {nil, "it stores what it is handed"},
	"llm":       {nil, "a model's API knows no sessions"},
	"pricing":   {nil, "prices are data"},
	"config":    {nil, "settings are read and checked for what they are; what they name is known elsewhere"},
	"themes":    {nil, "palettes are data"},
	"bench":     {[]string{"*"}, "it measures the product from outside; nothing may import it"},
	"bench/*":   {[]string{"kernel"}, "it measures a part of the product by that part's own protocol"},
	"workers/*": {nil, "the Worker is TypeScript: beside it is what carries its sources, and what runs it for tests"},
	"docs/*":    {[]string{"tui/shot"}, "tools for the documents: what they draw a screen with, the product has too"},
	"internal":  {nil, "there is no such room: name a package by what it holds"},
}

// listed is what `go list -json` tells of a package, as far as it is read here.
type listed struct {
	Dir, ImportPath                                string
	GoFiles, CgoFiles, IgnoredGoFiles, TestGoFiles []string
	XTestGoFiles, Imports                          []string
}

// files are the package's files with the given names, as paths.
func (p listed) files(names ...[]string) []string {
	var paths []string
	for _, name := range slices.Concat(names...) {
		paths = append(paths, filepath.Join(p.Dir, name))
	}
	return paths
}

func packages(t *testing.T) []listed {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "go", "list", "-e", "-json", "./...").Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []listed
	for decoder := json.NewDecoder(bytes.NewReader(out)); ; {
		var p listed
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatalf("go list: %v", err)
		}
		all = append(all, p)
	}
}

// room is the path of a package of ours below the module's, and whether it is one of ours.
func room(importPath string) (string, bool) {
	if importPath == module {
		return "", true
	}
	return strings.CutPrefix(importPath, module+"/")
}

// matches tells whether a room is meant by a pattern: itself, "*" for any, "tui/*" for every one below tui.
func matches(pattern, room string) bool {
	below, wild := strings.CutSuffix(pattern, "*")
	return pattern == room || wild && strings.HasPrefix(room, below) && room != ""
}

func TestImportsFollowTheArchitecture(t *testing.T) {
	for _, p := range packages(t) {
		from, _ := room(p.ImportPath)
		rule, known := rooms[from]
		for parent := path.Dir(from); !known && parent != "."; parent = path.Dir(parent) {
			rule, known = rooms[parent+"/*"]
		}
		if !known {
			t.Errorf("package %q has no rule here: say what it may import, and why no more", from)
			continue
		}
		for _, imported := range p.Imports {
			to, ours := room(imported)
			if ours && !slices.ContainsFunc(rule.may, func(pattern string) bool { return matches(pattern, to) }) {
				t.Errorf("%s imports %s: %s", from, to, rule.why)
			}
		}
	}
}

func TestEveryPackageHasOneComment(t *testing.T) {
	for _, p := range packages(t) {
		var commented []string
		for _, file := range p.files(p.GoFiles, p.CgoFiles, p.IgnoredGoFiles) {
			syntax, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.PackageClauseOnly|parser.ParseComments)
			if err != nil {
				t.Error(err)
			} else if syntax.Doc.Text() != "" {
				commented = append(commented, filepath.Base(file))
			}
		}
		if len(p.GoFiles) > 0 && len(commented) != 1 {
			t.Errorf("%s: a package has one comment, saying what it is for and what it is not; found it in %v", p.ImportPath, commented)
		}
	}
}

func TestFilesAreOfOneThought(t *testing.T) {
	const most = 600
	for _, file := range sources(t) {
		switch filepath.Ext(file) {
		case ".go", ".py", ".ts":
			if lines := bytes.Count(read(t, file), []byte("\n")); lines > most {
				t.Errorf("%s has %d lines: a file is of one thought and at most %d lines", file, lines, most)
			}
		}
	}
}

func TestNoTestIsSkipped(t *testing.T) {
	for _, p := range packages(t) {
		for _, file := range p.files(p.TestGoFiles, p.XTestGoFiles) {
			for _, call := range []string{".Skip" + "(", ".Skipf" + "(", ".SkipNow" + "("} {
				if bytes.Contains(read(t, file), []byte(call)) {
					t.Errorf("%s: %s…): a test that cannot run here gets what it needs from `make test`", file, call)
				}
			}
		}
	}
}

// TestNothingOfOneMachine finds what belongs to whoever wrote it: the paths of a home folder or of a working copy.
func TestNothingOfOneMachine(t *testing.T) {
	here, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	home, err := os.UserHomeDir()
	if err != nil {
		t.Fatal(err)
	}
	for _, file := range sources(t) {
		content := read(t, file)
		for _, machine := range []string{here + "/", home + "/."} {
			if bytes.Contains(content, []byte(machine)) {
				t.Errorf("%s holds %q, a path of this machine", file, machine)
			}
		}
	}
}

// sources are the files that git tracks or would track.
func sources(t *testing.T) []string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Fatalf("git ls-files: %v (these tests read a git checkout)", err)
	}
	return strings.Fields(string(out))
}

func read(t *testing.T, file string) []byte {
	t.Helper()
	content, err := os.ReadFile(file)
	if err != nil && !errors.Is(err, os.ErrNotExist) { // removed, and not yet committed so
		t.Fatal(fmt.Errorf("read source: %w", err))
	}
	return content
}
