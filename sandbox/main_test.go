package sandbox

import (
	"os"
	"testing"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) {
	InitMain()
	// The transports' idle connections end a moment after Close.
	goleak.VerifyTestMain(m)
	_ = os.Args
}
