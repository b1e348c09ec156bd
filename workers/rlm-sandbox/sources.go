// Package rlmsandbox carries the Worker's sources, so that a program alone can write them where they are deployed from.
// The Worker's tests stay here: they hold it to files beside it.
package rlmsandbox

import (
	"crypto/rand"
	"embed"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

//go:embed .dev.vars.example .gitignore .npmrc Dockerfile README.md package.json package-lock.json tsconfig.json wrangler.jsonc
//go:embed biome.json scripts src
var sources embed.FS

// secrets is where wrangler finds the token: of `npm run dev`, and for `npm run deploy -- --secrets-file`.
const secrets = ".dev.vars"

// ErrNotEmpty means that the folder has something in it. Nothing is ever overwritten.
var ErrNotEmpty = errors.New("it is there, and not empty")

// Init writes the sources into a folder that is new or empty, and a token that nobody knows into its .dev.vars, for its
// owner alone. What it wrote when it fails, it takes away.
func Init(dir string) error {
	found, err := os.ReadDir(dir)
	switch {
	case err == nil && len(found) > 0:
		return fmt.Errorf("%s: %w", dir, ErrNotEmpty)
	case err != nil && !errors.Is(err, fs.ErrNotExist):
		return err
	}
	made := err != nil
	if err := write(dir); err != nil {
		return errors.Join(err, clean(dir, made))
	}
	return nil
}

func write(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	if err := os.CopyFS(dir, sources); err != nil { // which never overwrites
		return err
	}
	token := make([]byte, 32)
	_, _ = rand.Read(token) // never fails
	text := "AUTH_TOKEN=" + hex.EncodeToString(token) + "\n"
	return os.WriteFile(filepath.Join(dir, secrets), []byte(text), 0o600)
}

// clean empties the folder, and removes it if it is ours.
func clean(dir string, made bool) error {
	if made {
		return os.RemoveAll(dir)
	}
	entries, err := os.ReadDir(dir)
	for _, entry := range entries {
		err = errors.Join(err, os.RemoveAll(filepath.Join(dir, entry.Name())))
	}
	return err
}
