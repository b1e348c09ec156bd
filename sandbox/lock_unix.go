//go:build linux || darwin

package sandbox

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"golang.org/x/sys/unix"
)

// stateLock is held by the server of a state folder for its life, and names its pid.
const stateLock = "server.lock"

// foreground stands after the pid of a server that a person runs in a terminal.
const foreground = " in the foreground"

// errHeld says that another process holds a lock.
var errHeld = errors.New("held by another process")

// makeStateDir makes the folder, closed to others even where it was there and open.
func makeStateDir(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("make the state folder: %w", err)
	}
	if err := os.Chmod(dir, 0o700); err != nil {
		return fmt.Errorf("close the state folder to other users: %w: choose one of your own with --state-dir", err)
	}
	return nil
}

// lockStateDir makes the folder this process's alone.
func lockStateDir(dir string) (*os.File, error) {
	if err := makeStateDir(dir); err != nil {
		return nil, err
	}
	path := filepath.Join(dir, stateLock)
	lock, err := tryLock(path)
	if errors.Is(err, errHeld) {
		return nil, fmt.Errorf("another server (process %s) uses the state folder %s: end it, or choose another folder with --state-dir", holder(path), dir)
	}
	if err != nil {
		return nil, err
	}
	if err := sign(lock, ""); err != nil {
		return nil, errors.Join(fmt.Errorf("sign the state folder's lock: %w", err), lock.Close())
	}
	return lock, nil
}

func sign(lock *os.File, how string) error {
	if err := lock.Truncate(0); err != nil {
		return err
	}
	_, err := lock.WriteAt([]byte(strconv.Itoa(os.Getpid())+how), 0)
	return err
}

// inForeground reports whether a lock is held by a server that a person runs in a terminal.
func inForeground(path string) bool {
	lock, err := tryLock(path)
	if err == nil {
		_ = lock.Close()
		return false
	}
	return errors.Is(err, errHeld) && strings.HasSuffix(holder(path), foreground)
}

// tryLock takes a file's lock, or gives errHeld. Closing the file lets go of it, as does the process's end.
func tryLock(path string) (*os.File, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("open a lock: %w", err)
	}
	err = unix.Flock(int(file.Fd()), unix.LOCK_EX|unix.LOCK_NB)
	if errors.Is(err, unix.EWOULDBLOCK) {
		err = errHeld
	}
	if err != nil {
		return nil, errors.Join(err, file.Close())
	}
	return file, nil
}

// holder is the pid that a lock's holder wrote into it.
func holder(path string) string {
	file, err := os.Open(path)
	if err != nil {
		return "unknown"
	}
	defer func() { _ = file.Close() }()
	text, err := io.ReadAll(io.LimitReader(file, 64))
	if err != nil || len(text) == 0 {
		return "unknown"
	}
	return strings.TrimSpace(string(text))
}
