package sandbox

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// DefaultStateDir is where sandboxes live unless told otherwise: sandrepl in the XDG state folder.
func DefaultStateDir() string { return filepath.Join(xdg.StateHome, "sandrepl") }
