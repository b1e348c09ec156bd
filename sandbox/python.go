package sandbox

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// interpreter is where a Python lives, as it says of itself (a shim like pyenv's is not where it lives).
type interpreter struct {
	Executable string   `json:"executable"`
	Roots      []string `json:"roots"` // prefix, base_prefix and their exec twins
	Version    string   `json:"version"`
	Venv       bool     `json:"venv"`
}

const askInterpreter = `import json, sys
print(json.dumps({"executable": sys.executable, "version": "%d.%d" % sys.version_info[:2], "venv": sys.prefix != sys.base_prefix,
    "roots": [sys.prefix, sys.base_prefix, sys.exec_prefix, sys.base_exec_prefix]}))`

func findInterpreter(path string) (interpreter, error) {
	var found interpreter
	if path == "" {
		var err error
		if path, err = exec.LookPath("python3"); err != nil {
			return found, errors.New("no python3 in PATH, and sandboxes need one: install Python 3, or name one with --python")
		}
	}
	ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
	defer cancel()
	output, err := exec.CommandContext(ctx, path, "-I", "-c", askInterpreter).Output()
	if err != nil {
		var exit *exec.ExitError
		if errors.As(err, &exit) && len(exit.Stderr) > 0 {
			err = fmt.Errorf("%w: %s", err, strings.TrimSpace(string(exit.Stderr)))
		}
		return found, fmt.Errorf("ask %s where it lives: %w: name a working Python 3 with --python", path, err)
	}
	if err := json.Unmarshal(output, &found); err != nil || found.Executable == "" {
		return found, fmt.Errorf("%s does not answer as Python 3 does: name another with --python", path)
	}
	return found, nil
}

// interpreters are those that were asked for so far.
type interpreters struct {
	stateDir string
	mu       sync.Mutex
	known    map[string]interpreter
}

func (all *interpreters) find(path string) (interpreter, error) {
	all.mu.Lock()
	defer all.mu.Unlock()
	if found, ok := all.known[path]; ok {
		if _, err := os.Stat(found.Executable); err == nil {
			return found, nil
		}
	}
	found, err := findInterpreter(path)
	if err == nil {
		err = found.check(all.stateDir)
	}
	if err != nil {
		return found, err
	}
	if all.known == nil {
		all.known = map[string]interpreter{}
	}
	all.known[path] = found
	return found, nil
}

// check refuses an interpreter whose folder holds what sandboxes must not see.
func (p interpreter) check(stateDir string) error {
	private := []string{stateDir}
	if home, err := os.UserHomeDir(); err == nil {
		private = append(private, home)
	}
	for _, root := range p.roots() {
		for _, path := range private {
			if within(path, root) {
				return fmt.Errorf("the Python at %s lives in %s, which holds %s too, and sandboxes must not see that: name another with --python", p.Executable, root, path)
			}
		}
	}
	return nil
}

// roots are the folders that a sandbox needs to see, shortest first, each once.
func (p interpreter) roots() []string {
	roots := slices.Clone(p.Roots)
	for _, root := range p.Roots {
		if real, err := filepath.EvalSymlinks(root); err == nil {
			roots = append(roots, real)
		}
	}
	if real, err := filepath.EvalSymlinks(p.Executable); err == nil && !slices.ContainsFunc(roots, func(root string) bool { return within(real, root) }) {
		roots = append(roots, filepath.Dir(real))
	}
	slices.Sort(roots)
	return slices.Compact(roots)
}

// within reports whether path is dir or lies under it.
func within(path, dir string) bool {
	rel, err := filepath.Rel(dir, path)
	return err == nil && rel != ".." && !strings.HasPrefix(rel, "../")
}

// writeCommands fills dir with python3, python, pip and pip3, where the interpreter's own folder does not have them right.
func (p interpreter) writeCommands(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("make the folder of commands: %w", err)
	}
	commands := map[string]string{"pip": "-m pip", "pip3": "-m pip", "python": "", "python3": ""}
	for name, arguments := range commands {
		if arguments == "" && p.provides(name) {
			continue
		}
		script := fmt.Sprintf("#!/bin/sh\nexec %s %s \"$@\"\n", quote(p.Executable), arguments)
		if err := os.WriteFile(filepath.Join(dir, name), []byte(script), 0o755); err != nil {
			return fmt.Errorf("write the command %s: %w", name, err)
		}
	}
	return nil
}

// provides reports whether the interpreter's own folder has it under name, so that no wrapper need stand between.
func (p interpreter) provides(name string) bool {
	beside, err := filepath.EvalSymlinks(filepath.Join(filepath.Dir(p.Executable), name))
	if err != nil {
		return false
	}
	real, err := filepath.EvalSymlinks(p.Executable)
	return err == nil && beside == real
}

// userSite is where pip puts packages, under the sandbox's home.
func (p interpreter) userSite() string {
	return filepath.Join(".local", "lib", "python"+p.Version, "site-packages")
}

// environment is all that a sandbox's commands inherit: nothing of the host's, which holds tokens.
func (p interpreter) environment(commands, home string) []string {
	path := []string{commands, filepath.Join(home, ".local", "bin"), filepath.Dir(p.Executable),
		"/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin"}
	environment := []string{
		"PATH=" + strings.Join(path, ":"), "HOME=" + home, "USER=sandbox", "LANG=C.UTF-8", "TERM=xterm-256color",
		"PIP_BREAK_SYSTEM_PACKAGES=1", "PIP_DISABLE_PIP_VERSION_CHECK=1", // the system is read-only: packages go home
	}
	if p.Venv { // a venv ignores the user's packages, so name their folder
		site := filepath.Join(home, p.userSite())
		environment = append(environment, "PIP_TARGET="+site, "PYTHONPATH="+site)
	}
	return environment
}

func quote(word string) string { return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'" }
