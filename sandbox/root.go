package sandbox

// root says what a sandbox sees of the host. Everything else does not exist there.
type root struct {
	Binds []bind `json:"binds"`
	Links []link `json:"links"`
}

// bind shows one file or folder of the host, with all below it.
type bind struct {
	Source string `json:"source"`
	Target string `json:"target"`
	Access access `json:"access"`
	FD     int    `json:"fd,omitempty"` // the tree, where the launcher opened it
}

type access string

const (
	readOnly  access = "read-only"
	readWrite access = "read-write"
	device    access = "device"
)

// opened is the number of trees that the launcher opened.
func (p root) opened() int {
	opened := 0
	for _, bind := range p.Binds {
		if bind.FD != 0 {
			opened++
		}
	}
	return opened
}

// link is a symbolic link.
type link struct {
	Target string `json:"target"` // what it says
	Path   string `json:"path"`   // where it is
}
