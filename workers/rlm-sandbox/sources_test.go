package rlmsandbox

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"
)

// TestInitWritesWhatIsDeployed compares with the folder itself: a file that the Worker comes to need must be carried, too.
func TestInitWritesWhatIsDeployed(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deep", "worker")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	out, err := exec.CommandContext(t.Context(), "git", "ls-files", "--cached", "--others", "--exclude-standard", ".").Output()
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]bool{secrets: true}
	for _, path := range strings.Fields(string(out)) {
		if here := strings.HasPrefix(path, "test/") || strings.HasPrefix(path, "workertest/") || strings.HasSuffix(path, ".go") || path == "vitest.config.mts"; !here {
			want[path] = true
		}
	}
	err = filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		name, _ := filepath.Rel(dir, path)
		if !want[name] {
			t.Errorf("%s does not belong there", name)
		}
		delete(want, name)
		return nil
	})
	if err != nil || len(want) > 0 {
		t.Errorf("%v, not written: %v", err, want)
	}
}

func TestTheTokenIsNewAndPrivate(t *testing.T) {
	seen := map[string]bool{}
	for range 2 {
		dir := filepath.Join(t.TempDir(), "worker")
		if err := Init(dir); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, secrets)
		text, err := os.ReadFile(path)
		if err != nil || !regexp.MustCompile(`^AUTH_TOKEN=[0-9a-f]{64}\n$`).Match(text) || seen[string(text)] {
			t.Errorf("%q, %v", text, err)
		}
		seen[string(text)] = true
		info, err := os.Stat(path)
		if err != nil || info.Mode().Perm() != 0o600 {
			t.Errorf("%v, %v", info.Mode(), err)
		}
	}
}

func TestNothingIsOverwritten(t *testing.T) {
	dir := t.TempDir()
	mine := filepath.Join(dir, "mine.txt")
	if err := os.WriteFile(mine, []byte("mine"), 0o600); err != nil {
		t.Fatal(err)
	}
	if err := Init(dir); !errors.Is(err, ErrNotEmpty) {
		t.Errorf("%v", err)
	}
	if err := Init(mine); err == nil {
		t.Error("a file is no folder")
	}
	entries, err := os.ReadDir(dir)
	if err != nil || len(entries) != 1 {
		t.Errorf("%v, %v", entries, err)
	}
	if err := Init(t.TempDir()); err != nil {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestPreflight runs what npm runs before a deploy, in a copy whose image or Docker is wrong.
func TestPreflight(t *testing.T) {
	node, err := filepath.Abs("node_modules/node/bin/node")
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(node); err != nil {
		if os.Getenv("CI") != "" {
			t.Fatal(err)
		}
		t.Logf("not run: %v (make worker installs it)", err)
		return
	}
	dir := filepath.Join(t.TempDir(), "worker")
	if err := Init(dir); err != nil {
		t.Fatal(err)
	}
	preflight := func(path string, goal ...string) (string, error) {
		ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
		defer cancel()
		cmd := exec.CommandContext(ctx, node, append([]string{filepath.Join(dir, "scripts", "preflight.mjs")}, goal...)...)
		cmd.Env = []string{"PATH=" + path}
		out, err := cmd.CombinedOutput()
		return string(out), err
	}
	wants := func(path, part string, fails bool) {
		t.Helper()
		if out, err := preflight(path); !strings.Contains(out, part) || part == "" && out != "" || (err != nil) != fails {
			t.Errorf("%q, %v, want %q", out, err, part)
		}
	}
	none, docker := t.TempDir(), t.TempDir()
	if err := os.WriteFile(filepath.Join(docker, "docker"), []byte("#!/bin/sh\nexit 0\n"), 0o700); err != nil {
		t.Fatal(err)
	}
	wants(docker, "run npm install first", true)
	modules, err := filepath.Abs("node_modules")
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(modules, filepath.Join(dir, "node_modules")); err != nil {
		t.Fatal(err)
	}
	wants(docker, "", false)
	wants(none, "Docker does not run", false)
	if out, err := preflight(none, "deploy"); err == nil || !strings.Contains(out, "Docker does not run") {
		t.Errorf("a deploy without Docker goes on: %q, %v", out, err)
	}
	image := filepath.Join(dir, "Dockerfile")
	text, err := os.ReadFile(image)
	if err == nil {
		err = os.WriteFile(image, regexp.MustCompile(`cloudflare/sandbox:\S+`).ReplaceAll(text, []byte("cloudflare/sandbox:0.1.0")), 0o600)
	}
	if err != nil {
		t.Fatal(err)
	}
	wants(docker, "the Dockerfile's base image is cloudflare/sandbox:0.1.0, and the SDK is", true)
}
