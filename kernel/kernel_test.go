package kernel

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"
)

func TestArchiveIsTheSameEveryTime(t *testing.T) {
	first, err := build(sources)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(first, Archive()) {
		t.Error("two builds of the same sources differ")
	}
	if !regexp.MustCompile(`^[0-9a-f]{12}$`).MatchString(Hash()) {
		t.Errorf("hash %q", Hash())
	}
	archive, err := zip.NewReader(bytes.NewReader(first), int64(len(first)))
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range archive.File {
		names = append(names, file.Name)
		if strings.Contains(file.Name, "test") {
			t.Errorf("%s does not belong into the archive", file.Name)
		}
	}
	for _, needed := range []string{"__main__.py", "sandrepl_kernel/__init__.py", "sandrepl_kernel/launch.py"} {
		if !slices.Contains(names, needed) {
			t.Errorf("%s is missing from %v", needed, names)
		}
	}
}

// TestOnEveryPython runs the Python suite, and a start from the archive, on every interpreter that there is.
func TestOnEveryPython(t *testing.T) {
	found := interpreters(t)
	if len(found) == 0 {
		t.Fatal("no Python 3.8 to 3.14 found: install one, or name some in SANDREPL_TEST_PYTHONS")
	}
	if os.Getenv("CI") == "true" && len(found) < 3 {
		t.Fatalf("CI needs three versions of Python, and has %d: %v", len(found), found)
	}
	archive := filepath.Join(t.TempDir(), "kernel-"+Hash()+".pyz")
	if err := os.WriteFile(archive, Archive(), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, version := range slices.Sorted(maps.Keys(found)) {
		python := found[version]
		t.Run(version, func(t *testing.T) {
			startFromArchive(t, python, archive, "ensure")
			startFromArchive(t, python, "-c", Ensure, archive)
			unittests(t, python, "test_[^w]*.py")
		})
	}
}

// TestWithPackages runs the suite of what the kernel does with packages that sandboxes often have.
func TestWithPackages(t *testing.T) {
	t.Parallel()
	const needed = "import numpy, pandas, matplotlib, PIL, jedi"
	for _, python := range candidates() {
		if command(t, python, "-c", needed).Run() == nil {
			unittests(t, python, "test_with_packages_*.py")
			return
		}
	}
	t.Fatalf("no Python here does %q: make test installs Debian's packages of them", needed)
}

// unittests runs the files of the Python suite that match, a process each: they wait more than they compute.
func unittests(t *testing.T, python, files string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join("tests", files))
	if err != nil || len(found) == 0 {
		t.Fatalf("no tests match %s: %v", files, err)
	}
	for _, path := range found {
		t.Run(filepath.Base(path), func(t *testing.T) {
			t.Parallel()
			suite := command(t, python, "-m", "unittest", "discover", "-s", "tests", "-p", filepath.Base(path))
			suite.Env = append(os.Environ(), "PYTHONPATH=.")
			if out, err := suite.CombinedOutput(); err != nil {
				t.Errorf("%s: %v\n%s", python, err, out)
			}
		})
	}
}

func startFromArchive(t *testing.T, python string, arguments ...string) {
	t.Helper()
	folder := filepath.Join(t.TempDir(), "k")
	start := command(t, python, arguments...)
	start.Env = append(os.Environ(), "SANDREPL_DIR="+folder)
	out, err := start.Output()
	if err != nil {
		t.Fatalf("%s: %v: %s", python, err, out)
	}
	var got Connection
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatalf("%s printed %q: %v", python, out, err)
	}
	kernel, err := os.FindProcess(got.PID)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = kernel.Kill() }()
	if got.Protocol != Protocol || got.Hash != Hash() || !got.Started || len(got.Secret) != 64 || got.Port < 1024 {
		t.Errorf("%s: connection %+v", python, got)
	}
}

func command(t *testing.T, name string, arguments ...string) *exec.Cmd {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Minute)
	t.Cleanup(cancel)
	return exec.CommandContext(ctx, name, arguments...)
}

// candidates lists what may be a Python, the named ones first.
func candidates() []string {
	found := filepath.SplitList(os.Getenv("SANDREPL_TEST_PYTHONS"))
	folders := append(filepath.SplitList(os.Getenv("PATH")), "/usr/bin")
	if home, err := os.UserHomeDir(); err == nil {
		more, _ := filepath.Glob(filepath.Join(home, ".pyenv/versions/*/bin"))
		folders = append(folders, more...)
	}
	for _, folder := range folders {
		more, _ := filepath.Glob(filepath.Join(folder, "python3*"))
		for _, python := range more {
			if regexp.MustCompile(`^python3(\.\d+)?$`).MatchString(filepath.Base(python)) {
				found = append(found, python)
			}
		}
	}
	return found
}

// interpreters finds one Python of each version that the kernel supports, by version.
func interpreters(t *testing.T) map[string]string {
	t.Helper()
	found := map[string]string{}
	for _, python := range candidates() {
		out, err := command(t, python, "-c", "import sys; print('%d.%d' % sys.version_info[:2])").Output()
		version := strings.TrimSpace(string(out))
		if err != nil || !regexp.MustCompile(`^3\.(8|9|1[0-4])$`).MatchString(version) {
			continue
		}
		if _, known := found[version]; !known {
			found[version] = python
		}
	}
	return found
}

// TestExamplesOfTheProtocol reads every JSON example in PROTOCOL.md with the types of this package, and wants one for
// each type of event and each method.
func TestExamplesOfTheProtocol(t *testing.T) {
	page, err := os.ReadFile("PROTOCOL.md")
	if err != nil {
		t.Fatal(err)
	}
	seen, known := map[string]bool{}, examples{}
	for _, block := range regexp.MustCompile("(?s)```json\n(.*?)```").FindAllSubmatch(page, -1) {
		decoder := json.NewDecoder(bytes.NewReader(block[1]))
		for decoder.More() {
			var raw json.RawMessage
			if err := decoder.Decode(&raw); err != nil {
				t.Fatalf("an example is not JSON: %v\n%s", err, block[1])
			}
			seen[known.check(t, raw)] = true
		}
	}
	for _, name := range needed(t) {
		if !seen[name] {
			t.Errorf("PROTOCOL.md has no example of %s", name)
		}
	}
}

// needed names what PROTOCOL.md has an example of: what this package has a constant for.
func needed(t *testing.T) []string {
	names := []string{"connection"}
	for kind := range contents {
		names = append(names, string(kind))
	}
	source, err := os.ReadFile("request.go")
	if err != nil {
		t.Fatal(err)
	}
	methods := regexp.MustCompile(`Method\w+ +Method = "(\w+)"`).FindAllSubmatch(source, -1)
	if len(methods) < 13 {
		t.Fatalf("request.go has %d methods", len(methods))
	}
	for _, found := range methods {
		method := Method(found[1])
		names = append(names, "request:"+string(method))
		if contentOf(method) != nil {
			names = append(names, "reply:"+string(method))
		}
	}
	return names
}

// examples are read in their order on the page: a reply's content is that of the method of the request with its id.
type examples map[string]Method

// check decodes one example strictly and names what it is of.
func (e examples) check(t *testing.T, raw []byte) string {
	t.Helper()
	var shape struct {
		ID, To, Type, Method string
		Seq                  int64
		Protocol             int
		Params, Content      json.RawMessage
	}
	if err := json.Unmarshal(raw, &shape); err != nil {
		t.Errorf("%v: %s", err, raw)
	}
	switch {
	case shape.Seq > 0:
		checkEvent(t, raw)
		return shape.Type
	case shape.Method != "":
		e[shape.ID] = Method(shape.Method)
		if params := paramsOf(Method(shape.Method)); params != nil {
			strict(t, shape.Params, params)
		}
		return "request:" + shape.Method
	case shape.Type == "reply":
		content := contentOf(e[shape.To])
		if content == nil {
			t.Errorf("no query above has the id of %s", raw)
			return ""
		}
		strict(t, raw, &Reply{})
		strict(t, shape.Content, content)
		sameKeys(t, shape.Content, content)
		return "reply:" + string(e[shape.To])
	case shape.Protocol > 0:
		strict(t, raw, &Connection{})
		return "connection"
	}
	t.Errorf("this is no event, request, reply or connection: %s", raw)
	return ""
}

func checkEvent(t *testing.T, raw []byte) {
	t.Helper()
	event, err := ParseEvent(raw)
	if err != nil {
		t.Errorf("%v: %s", err, raw)
		return
	}
	body, err := event.Decode()
	if err != nil || body == nil {
		t.Errorf("%v, %v: %s", body, err, raw)
		return
	}
	strict(t, raw, &Event{})
	sameKeys(t, event.Content, body)
}

func paramsOf(method Method) any {
	switch method {
	case MethodHello:
		return &HelloParams{}
	case MethodExecute:
		return &ExecuteParams{}
	case MethodAssign:
		return &AssignParams{}
	case MethodInputReply:
		return &InputReplyParams{}
	case MethodLLMReply:
		return &LLMReplyParams{}
	case MethodLocals:
		return &LocalsParams{}
	case MethodConfigure:
		return &ConfigureParams{}
	case MethodComplete, MethodInspect:
		return &CodeParams{}
	case MethodExpand:
		return &ExpandParams{}
	case MethodInterrupt, MethodStack, MethodShutdown:
	}
	return nil
}

func contentOf(query Method) any {
	switch query {
	case MethodComplete:
		return &Completion{}
	case MethodInspect:
		return &Inspection{}
	case MethodExpand:
		return &Expansion{}
	case MethodStack:
		return &Stack{}
	default:
		return nil
	}
}

func strict(t *testing.T, raw []byte, into any) {
	t.Helper()
	decoder := json.NewDecoder(bytes.NewReader(raw))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(into); err != nil {
		t.Errorf("%v: %s", err, raw)
	}
}

// sameKeys says which keys an example and its Go type do not have in common, however deep.
func sameKeys(t *testing.T, example []byte, body any) {
	t.Helper()
	again, err := json.Marshal(body)
	if err != nil {
		t.Fatal(err)
	}
	var want, got any
	if err := errors.Join(json.Unmarshal(example, &want), json.Unmarshal(again, &got)); err != nil {
		t.Fatal(err)
	}
	compareKeys(t, "", want, got)
}

func compareKeys(t *testing.T, where string, want, got any) {
	t.Helper()
	switch want := want.(type) {
	case map[string]any:
		got, _ := got.(map[string]any)
		for key := range want {
			if _, ok := got[key]; !ok {
				t.Errorf("%s.%s is in the example, and not in its type", where, key)
			}
			compareKeys(t, where+"."+key, want[key], got[key])
		}
		for key := range got {
			if _, ok := want[key]; !ok {
				t.Errorf("%s.%s is in the type, and not in its example", where, key)
			}
		}
	case []any:
		got, _ := got.([]any)
		for i := range min(len(want), len(got)) {
			compareKeys(t, where+"[]", want[i], got[i])
		}
	}
}
