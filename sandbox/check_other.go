//go:build !linux

package sandbox

import "errors"

// errNoNamespaces says why a sandbox cannot be isolated here.
var errNoNamespaces = errors.New("this system has no namespaces (only Linux has), so nothing would keep sandboxes from your files: if that is what you want, say --isolation none")

// CheckNamespaces reports why sandboxes cannot be isolated here, and what to do.
func CheckNamespaces() error { return errNoNamespaces }

func checkIsolation(isolation Isolation, _ interpreter) error {
	if isolation == Namespaces {
		return errNoNamespaces
	}
	return nil
}
