//go:build linux || darwin

package sandbox

import (
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"

	"golang.org/x/sys/unix"
)

// maxSocketPath is what every system takes as a unix socket's path (Linux takes 107 bytes, macOS 103).
const maxSocketPath = 103

// withSocketPath calls use with a path to the socket that is short enough. On Linux a long one goes by way of its open folder.
func withSocketPath(path string, use func(short string) error) error {
	if len(path) <= maxSocketPath {
		return use(path)
	}
	if _, err := os.Stat("/proc/self/fd"); err != nil {
		return fmt.Errorf("the path %s is too long for a unix socket: choose a shorter folder with --state-dir", path)
	}
	folder, err := os.OpenFile(filepath.Dir(path), unix.O_DIRECTORY, 0)
	if err != nil {
		return fmt.Errorf("open the socket's folder: %w", err)
	}
	defer func() { _ = folder.Close() }()
	return use(filepath.Join("/proc/self/fd", strconv.Itoa(int(folder.Fd())), filepath.Base(path)))
}

func dialUnix(path string) (conn net.Conn, err error) {
	err = withSocketPath(path, func(short string) error {
		conn, err = net.Dial("unix", short)
		return err
	})
	return conn, err
}

// listenOn makes the init's socket, for the init alone.
func listenOn(path string) (file *os.File, err error) {
	err = withSocketPath(path, func(short string) error {
		listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: short, Net: "unix"})
		if err != nil {
			return fmt.Errorf("make the init's socket: %w", err)
		}
		listener.SetUnlinkOnClose(false)
		file, err = listener.File()
		return errors.Join(err, listener.Close())
	})
	return file, err
}
