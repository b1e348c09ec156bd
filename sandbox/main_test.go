package sandbox

import (
	"context"
	"fmt"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// TestMain makes this test binary what sandrepl is: inits and background servers are it, executed again.
func TestMain(m *testing.M) {
	InitMain()
	if len(os.Args) > 2 && os.Args[1] == "serve" && os.Args[2] == "--background" {
		if err := serveInBackground(os.Args[3:]); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	goleak.VerifyTestMain(m)
}

// idleVariable tells a background server under test how long to stay without work.
const idleVariable = "SANDREPL_TEST_IDLE"

func serveInBackground(arguments []string) error {
	background := Background{Version: "under test"}
	for i := 0; i+1 < len(arguments); i += 2 {
		var err error
		switch arguments[i] {
		case "--state-dir":
			background.StateDir = arguments[i+1]
		case "--python":
			background.Python = arguments[i+1]
		case "--isolation":
			background.Isolation, err = ParseIsolation(arguments[i+1])
		default:
			err = fmt.Errorf("unknown flag %s", arguments[i])
		}
		if err != nil {
			return err
		}
	}
	background.IdleExit, _ = time.ParseDuration(os.Getenv(idleVariable)) // unset is the default
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	return background.Serve(ctx)
}
