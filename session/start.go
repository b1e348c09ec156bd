package session

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"strings"

	"github.com/google/uuid"
	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/kernel"
)

// kernelFolder is where the kernel lives in a sandbox, as the Worker's write and
// read name it; shellFolder is the same place in a command.
const (
	kernelFolder = "/tmp/.sandrepl"
	shellFolder  = `"${SANDREPL_DIR:-/tmp/.sandrepl}"`
)

// Errors of starting a kernel.
var (
	// ErrNoPython means that the sandbox has no such interpreter.
	ErrNoPython = errors.New("the sandbox has no such Python")
	// ErrKernelStart means that Python is there and the kernel did not come up.
	ErrKernelStart = errors.New("the kernel did not start")
)

const missingKernel = `{"missing":true}`

// ensure finds the sandbox's kernel or starts it: one exec when the sandbox has our
// kernel's file, and otherwise a write and a second exec.
func ensure(ctx context.Context, c *client.Client, sandboxID, python string) (kernel.Connection, error) {
	reply, err := c.ExecIdempotent(ctx, sandboxID, ensureCommand(python, ""))
	if err != nil {
		return kernel.Connection{}, fmt.Errorf("find the kernel: %w", err)
	}
	if strings.TrimSpace(reply.Stdout) == missingKernel {
		upload := fmt.Sprintf("kernel-%s-%s.b64", kernel.Hash(), uuid.NewString())
		body := base64.StdEncoding.EncodeToString(kernel.Archive())
		if err := c.Write(ctx, sandboxID, kernelFolder+"/"+upload, body); err != nil {
			return kernel.Connection{}, fmt.Errorf("send the kernel: %w", err)
		}
		if reply, err = c.ExecIdempotent(ctx, sandboxID, ensureCommand(python, upload)); err != nil {
			return kernel.Connection{}, fmt.Errorf("start the kernel: %w", err)
		}
	}
	return parseConnection(reply, python)
}

// ensureCommand is safe in a persistent bash whatever happens: a subshell of its own,
// no data spliced in but a quoted interpreter and names made of hex digits.
// Each client unpacks an upload of its own and moves it into place whole.
func ensureCommand(python, upload string) string {
	pyz := "kernel-" + kernel.Hash() + ".pyz"
	unpack := ""
	if upload != "" {
		unpack = fmt.Sprintf(`if [ -f %[1]s ]; then base64 -d <%[1]s >%[1]s.pyz && mv %[1]s.pyz %[2]s; rm -f %[1]s; fi; `, upload, pyz)
	}
	return fmt.Sprintf(`(mkdir -p -m 700 %[1]s && at=$PWD && cd %[1]s && %[2]sif [ -f %[3]s ]; then d=$PWD; cd "$at"; %[4]s -c '%[6]s' "$d/%[3]s"; else echo '%[5]s'; fi) </dev/null`,
		shellFolder, unpack, pyz, shellQuote(python), missingKernel, kernel.Ensure)
}

func shellQuote(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

func parseConnection(reply client.ExecResponse, python string) (kernel.Connection, error) {
	if reply.ExitCode == 126 || reply.ExitCode == 127 {
		return kernel.Connection{}, fmt.Errorf("%w: %s: %s", ErrNoPython, python, firstLine(reply.Stderr))
	}
	conn, err := kernel.ParseConnection([]byte(lastLine(reply.Stdout)))
	switch {
	case errors.Is(err, kernel.ErrProtocol):
		return conn, err
	case err != nil:
		return conn, fmt.Errorf("%w: %w (exit code %d: %s)", ErrKernelStart, err, reply.ExitCode, firstLine(reply.Stderr))
	}
	for _, id := range []string{conn.Epoch, conn.Journal} {
		if _, err := uuid.Parse(id); err != nil {
			return conn, fmt.Errorf("%w: it calls itself %q, which is no UUID", ErrKernelStart, id)
		}
	}
	if conn.PID <= 1 {
		return conn, fmt.Errorf("%w: it says that it is process %d", ErrKernelStart, conn.PID)
	}
	return conn, nil
}

func firstLine(s string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(s), "\n")
	return line
}

// lastLine skips what a sandbox's Python may print at every start (a sitecustomize, a warning).
func lastLine(s string) string {
	s = strings.TrimSpace(s)
	return s[strings.LastIndexByte(s, '\n')+1:]
}
