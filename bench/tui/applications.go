package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
)

// An application is a REPL: how it is started, and what its screen says.
type application struct {
	name   string
	argv   []string
	prompt string // when it can be typed into
	idle   string // written when it awaits the next cell
	quit   string
	home   string
}

func applications(home, binary string) []application {
	return []application{
		{name: ours, argv: []string{binary}, prompt: "1 ❯ ", idle: "idle", quit: "\x04", home: home},
		{name: "IPython", argv: []string{"/usr/bin/ipython3"}, prompt: "In [1]: ", idle: "In [", quit: "\x04y\r", home: home},
		{name: "ptpython", argv: []string{"/usr/bin/ptpython"}, prompt: ">>> ", idle: ">>>", quit: "\x04y\r", home: home},
		{name: "jupyter-console", argv: []string{"/usr/bin/jupyter-console"}, prompt: "In [1]: ", idle: "In [", quit: "\x04\r", home: home},
	}
}

const ours = "sandrepl"

func (a application) command(ctx context.Context, args ...string) *exec.Cmd {
	c := exec.CommandContext(ctx, a.argv[0], append(a.argv[1:], args...)...)
	c.Dir = a.home
	c.Env = append(os.Environ(), "TERM=xterm-256color", "COLORTERM=truecolor", "LC_ALL=C.UTF-8", "PROMPT_TOOLKIT_NO_CPR=1", "HOME="+a.home, "PATH=/usr/bin:/bin", // whose Python is everyone's
		"XDG_STATE_HOME="+filepath.Join(a.home, "state"), "XDG_DATA_HOME="+filepath.Join(a.home, "data"), "XDG_CONFIG_HOME="+filepath.Join(a.home, "config"),
		"XDG_CACHE_HOME="+filepath.Join(a.home, "cache"), "IPYTHONDIR="+filepath.Join(a.home, "ipython"), "JUPYTER_CONFIG_DIR="+filepath.Join(a.home, "jupyter"))
	return c
}

// open starts the application and waits until it can be typed into, and nothing more comes by itself.
func (a application) open(ctx context.Context) (*terminal, error) {
	t, err := start(a.command(ctx))
	if err != nil {
		return nil, err
	}
	if _, err = t.await(ctx, a.prompt); err == nil && a.name == ours {
		_, err = t.await(ctx, a.idle)
	}
	if err == nil {
		err = t.settle(ctx, settled)
	}
	if err != nil {
		return nil, errors.Join(err, t.close(a.quit))
	}
	return t, nil
}

// with opens the application for what do does.
func (a application) with(ctx context.Context, do func(*terminal) error) error {
	t, err := a.open(ctx)
	if err != nil {
		return err
	}
	if err := errors.Join(do(t), t.close(a.quit)); err != nil {
		return fmt.Errorf("%s: %w", a.name, err)
	}
	return nil
}

func paste(text string) string { return "\x1b[200~" + text + "\x1b[201~" }

// run runs a cell to its end.
func (a application) run(ctx context.Context, t *terminal, cell string) error {
	if _, err := t.press(ctx, paste(cell+"; print('don'+'e')"), cell, func() bool { return true }); err != nil {
		return err
	}
	if err := t.settle(ctx, settled); err != nil {
		return err
	}
	if _, err := t.sends(ctx, "\r", "done"); err != nil {
		return err
	}
	return t.settle(ctx, settled)
}
