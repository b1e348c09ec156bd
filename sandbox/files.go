//go:build linux || darwin

package sandbox

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"net/http"
	"os"
	"path/filepath"
	"syscall"
	"unicode/utf8"

	"github.com/sandrepl/sandrepl/client"
)

// maxFile is the largest file that read gives and write takes.
const maxFile = 32 << 20

func (s *initServer) read(w http.ResponseWriter, r *http.Request) {
	path := r.URL.Query().Get("path")
	content, err := readText(s.locate(path))
	if err != nil {
		refuse(http.StatusInternalServerError, "read %s: %v", path, reason(err)).unread().write(w)
		return
	}
	reply(w, http.StatusOK, client.ReadResponse{Content: content, Success: true})
}

func (s *initServer) write(w http.ResponseWriter, r *http.Request) {
	var request client.WriteRequest
	err := json.NewDecoder(r.Body).Decode(&request)
	if err != nil || request.Content == nil {
		refuse(http.StatusBadRequest, "the request is not JSON with a content: %v", err).unsuccessful().write(w)
		return
	}
	if err := writeText(s.locate(request.Path), *request.Content); err != nil {
		refuse(http.StatusInternalServerError, "write %s: %v", request.Path, reason(err)).unsuccessful().write(w)
		return
	}
	reply(w, http.StatusOK, client.WriteResponse{Success: true})
}

// locate finds a path as a program in the sandbox means it. Without a root of its own, a
// sandbox's /tmp and /workspace are folders elsewhere.
func (s *initServer) locate(path string) string {
	if !filepath.IsAbs(path) {
		return filepath.Join(s.config.Workspace, path)
	}
	path = filepath.Clean(path)
	if !s.config.Isolated {
		for seen, real := range map[string]string{insideTmp: s.config.Tmp, insideWorkspace: s.config.Workspace} {
			if rest, err := filepath.Rel(seen, path); err == nil && within(path, seen) {
				return filepath.Join(real, rest)
			}
		}
	}
	return path
}

// readText reads a regular file of UTF-8. Opening does not block, or a FIFO would wait for its writer.
func readText(path string) (string, error) {
	file, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0)
	if err != nil {
		return "", err
	}
	defer func() { _ = file.Close() }()
	if err := mustBeRegular(file); err != nil {
		return "", err
	}
	content, err := io.ReadAll(io.LimitReader(file, maxFile+1))
	if err != nil {
		return "", err
	}
	if len(content) > maxFile {
		return "", fmt.Errorf("it is larger than %d MiB: read it in parts, by a command like head -c or split", maxFile>>20)
	}
	if !utf8.Valid(content) {
		return "", errors.New("it is not UTF-8 text: read it in base64, by the command base64")
	}
	return string(content), nil
}

// writeText replaces a regular file's content, and makes it and its folders where they are missing.
func writeText(path, content string) error {
	if len(content) > maxFile {
		return fmt.Errorf("the content is larger than %d MiB: write it in parts, and join them by a command", maxFile>>20)
	}
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	file, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|syscall.O_NONBLOCK|syscall.O_NOCTTY, 0o644)
	if errors.Is(err, syscall.ENXIO) {
		return errNotRegular
	}
	if err != nil {
		return err
	}
	if err := replace(file, content); err != nil {
		return errors.Join(err, file.Close())
	}
	return file.Close()
}

// replace truncates only once it knows that the file is one.
func replace(file *os.File, content string) error {
	if err := mustBeRegular(file); err != nil {
		return err
	}
	if err := file.Truncate(0); err != nil {
		return err
	}
	_, err := io.WriteString(file, content)
	return err
}

var errNotRegular = errors.New("it is a FIFO, a socket or a device, not a file")

func mustBeRegular(file *os.File) error {
	info, err := file.Stat()
	switch {
	case err != nil:
		return err
	case info.IsDir():
		return errors.New("it is a directory: list it by the command ls")
	case !info.Mode().IsRegular():
		return errNotRegular
	}
	return nil
}

// reason leaves the path out, which on the host may be another than the one that was asked for.
func reason(err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		return at.Err
	}
	return err
}
