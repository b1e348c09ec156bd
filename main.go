// Command sandrepl is a terminal REPL for Python that runs in a sandbox somewhere else.
//
// This package holds the commands: flags, wiring, exit codes. What they do is in the
// packages below.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/session"
)

// Exit codes.
const (
	exitOK     = iota
	exitRaised // a cell raised, or the command failed
	exitUsage
	exitUnreachable
	exitInterrupted = 130
)

// An exitError ends the program with a code; what is to be said was said.
type exitError int

func (e exitError) Error() string { return fmt.Sprintf("exit code %d", int(e)) }

// A usageError is the caller's: it ends the program with the code for usage.
type usageError struct{ error }

func usagef(format string, args ...any) error { return usageError{fmt.Errorf(format, args...)} }

func main() {
	sandbox.InitMain()
	os.Exit(run(os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
	defer stop()
	root := newRoot()
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	err := root.ExecuteContext(ctx)
	var code exitError
	var usage usageError
	switch {
	case err == nil:
		return exitOK
	case errors.As(err, &code):
		return int(code)
	case errors.As(err, &usage):
		fmt.Fprintf(stderr, "sandrepl: %v\nsandrepl --help tells the usage.\n", err)
		return exitUsage
	}
	why := session.Explain(err)
	fmt.Fprintf(stderr, "sandrepl: %s\n", why)
	if why.Next == "" { // it was not about reaching a sandbox
		return exitRaised
	}
	return exitUnreachable
}

func newRoot() *cobra.Command {
	var f flags
	root := &cobra.Command{
		Use:   "sandrepl [SANDBOX_ID]",
		Short: "A terminal REPL for Python in a sandbox",
		Long: `A terminal REPL for Python in a sandbox.

Without a Worker's URL it runs sandboxes on this machine. With one (--worker-url, or
RLM_CF_WORKER_URL and RLM_CF_AUTH_TOKEN) it runs them there. A sandbox and its variables
live on when you leave: the same SANDBOX_ID brings you back to them.`,
		Example: `  sandrepl                          a new sandbox
  sandrepl my-session               the same one every time
  sandrepl exec my-session -c 'x'   one cell, no terminal`,
		Args:          atMost(1),
		Version:       version(),
		SilenceErrors: true,
		SilenceUsage:  true,
		RunE:          f.repl,
	}
	root.SetFlagErrorFunc(func(_ *cobra.Command, err error) error { return usageError{err} })
	root.Flags().BoolVar(&f.plain, "plain", false, "print line by line, without colour or moving the cursor, as for a screen reader; so it is in a pipe and where TERM is dumb")
	root.PersistentPreRunE = func(cmd *cobra.Command, _ []string) error { return f.settle(cmd) }
	f.register(root.PersistentFlags())
	root.AddCommand(newExec(&f), newServe(&f), newList(&f), newRemove(&f), newStop(&f), newDoctor(&f), newWorker(), newCost(&f), newExport(&f), newPlay(&f), newConfig(&f), newMan(), newVersion())
	f.completes(root)
	usefulHelp(root)
	return root
}

func newVersion() *cobra.Command {
	return &cobra.Command{
		Use: "version", Short: "Tell the version", Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			_, err := fmt.Fprintf(cmd.OutOrStdout(), "sandrepl %s (%s, %s/%s)\n", version(), runtime.Version(), runtime.GOOS, runtime.GOARCH)
			return err
		},
	}
}

// version is the module's as built, or devel with the commit where that is known.
func version() string {
	info, ok := debug.ReadBuildInfo()
	if !ok || info.Main.Version == "" {
		return "devel"
	}
	return info.Main.Version
}

// atMost is cobra's own check with our exit code.
func atMost(n int) cobra.PositionalArgs {
	return func(_ *cobra.Command, args []string) error {
		if len(args) > n {
			return usagef("too many arguments: %q", args[n:])
		}
		return nil
	}
}
