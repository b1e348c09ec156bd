//go:build linux || darwin

package sandbox

import (
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// wheel is a program that makes a package to install, without a network.
const wheel = `
import zipfile
with zipfile.ZipFile("greeting-1.0-py3-none-any.whl", "w") as z:
    z.writestr("greeting.py", "text = 'hello'")
    z.writestr("greeting-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: greeting\nVersion: 1.0\n")
    z.writestr("greeting-1.0.dist-info/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
    z.writestr("greeting-1.0.dist-info/RECORD", "")
`

// A Python that runs must see what pip installs, though the interpreter itself is read-only: system, pyenv or venv.
func TestPackagesCanBeInstalled(t *testing.T) {
	base, err := findInterpreter("")
	if err != nil {
		t.Fatal(err)
	}
	venv := filepath.Join(t.TempDir(), "some venv")
	if output, err := exec.CommandContext(t.Context(), base.Executable, "-m", "venv", venv).CombinedOutput(); err != nil {
		t.Fatalf("make a venv: %v %s", err, output)
	}
	for name, python := range map[string]string{"as found": "", "in a venv": filepath.Join(venv, "bin", "python3")} {
		t.Run(name, func(t *testing.T) {
			s := serve(t, Options{Python: python})
			if python != "" {
				if got := s.output("a", "python3 -c 'import sys; print(sys.prefix)'"); got != venv+"\n" {
					t.Errorf("prefix: %q", got)
				}
			}
			s.output("a", "python3 -c "+quote(wheel))
			program := `import subprocess; subprocess.run(["pip", "install", "-q", "--no-index", "./greeting-1.0-py3-none-any.whl"], check=True); import greeting; print(greeting.text)`
			if got := s.output("a", "python3 -c "+quote(program)); got != "hello\n" {
				t.Errorf("the package says %q", got)
			}
			if got := s.run("b", "python3 -c 'import greeting'"); !strings.Contains(got.Stderr, "ModuleNotFoundError") {
				t.Errorf("another sandbox has it too: %q", got.Stderr)
			}
		})
	}
}

func TestInterpretersThatAreNone(t *testing.T) {
	for _, path := range []string{"/no/such/python", "/bin/true", "/bin/false", "/"} {
		if _, err := findInterpreter(path); err == nil || !strings.Contains(err.Error(), "--python") || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: %v", path, err)
		}
	}
}
