package sandbox

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"
)

// CheckNamespaces reports why sandboxes cannot be isolated here, and what to do. It makes one to know.
func CheckNamespaces() error {
	python, err := findInterpreter("")
	if err != nil {
		return err
	}
	return checkIsolation(Namespaces, python)
}

func checkIsolation(isolation Isolation, python interpreter) (err error) {
	if isolation == None {
		return nil
	}
	dir, err := os.MkdirTemp("", "sandrepl-check-")
	if err != nil {
		return fmt.Errorf("try a sandbox: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	box, err := launcher{isolation: isolation, python: python}.create("check", filepath.Join(dir, "sandbox"))
	if err != nil {
		return fmt.Errorf("sandboxes cannot be isolated on this machine: %w: allow unprivileged user namespaces (sysctl kernel.apparmor_restrict_unprivileged_userns=0 or user.max_user_namespaces, or in Docker --security-opt seccomp=unconfined --security-opt systempaths=unconfined), or use --isolation none, which keeps nothing from your files", err)
	}
	go func() {
		box.wait()
		close(box.cleaned)
	}()
	return box.destroy(ctx)
}
