package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/sandbox"
	"github.com/sandrepl/sandrepl/tui/sanitize"
)

// idleExit is when the server that the REPL starts by itself ends: so long after its last
// sandbox and its last client are gone.
const idleExit = 10 * time.Minute

func newServe(f *flags) *cobra.Command {
	var listen string
	var background bool
	cmd := &cobra.Command{
		Use:   "serve",
		Short: "Serve the Worker API from this machine, in the foreground",
		Long: `Serve the Worker API from this machine, in the foreground. AUTH_TOKEN in the environment
makes it ask for that token. Its sandboxes live on when it ends; the next one finds them.`,
		Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := f.background()
			if err != nil {
				return err
			}
			ctx, stop := signal.NotifyContext(cmd.Context(), os.Interrupt, syscall.SIGTERM)
			defer stop()
			if background {
				b.IdleExit = idleExit
				return b.Serve(ctx)
			}
			return serve(ctx, cmd, b, listen)
		},
	}
	cmd.Flags().StringVar(&listen, "listen", "127.0.0.1:8787", "`ADDR` to listen on; any but a loopback address needs AUTH_TOKEN")
	cmd.Flags().BoolVar(&background, "background", false, "be the server that the REPL starts by itself")
	_ = cmd.Flags().MarkHidden("background")
	return cmd
}

// serve runs the server in the foreground until ctx ends.
func serve(ctx context.Context, cmd *cobra.Command, b sandbox.Background, listen string) error {
	token := os.Getenv("AUTH_TOKEN")
	listener, err := net.Listen("tcp", listen)
	if err != nil {
		return fmt.Errorf("%w: choose another address with --listen, or end what listens there", err)
	}
	if address, ok := listener.Addr().(*net.TCPAddr); token == "" && (!ok || !address.IP.IsLoopback()) {
		_ = listener.Close()
		return usagef("%s can be reached from other machines: set AUTH_TOKEN, or listen on 127.0.0.1", listener.Addr())
	}
	if token == "" {
		fmt.Fprintln(cmd.ErrOrStderr(), "sandrepl: without AUTH_TOKEN every program on this machine, one in a sandbox too, can run commands in the sandboxes")
	}
	fmt.Fprintf(cmd.OutOrStdout(), "sandrepl serves http://%s\n", listener.Addr())
	left, err := b.ServeOn(ctx, listener, token, slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), nil)))
	switch {
	case errors.Is(err, sandbox.ErrStopped):
		fmt.Fprintf(cmd.OutOrStdout(), "Ended by sandrepl stop, with %s.\n", sandboxes(left))
	case err != nil:
		return err
	case len(left) == 0:
		fmt.Fprintln(cmd.OutOrStdout(), "Ended; it had no sandboxes.")
	default:
		fmt.Fprintf(cmd.OutOrStdout(), "Ended; what it had lives on, and sandrepl finds it again: %s.\n", sandboxes(left))
	}
	return nil
}

// sandboxes names them: "no sandboxes", "1 sandbox: a", "2 sandboxes: a, b".
func sandboxes(ids []string) string {
	switch len(ids) {
	case 0:
		return "no sandboxes"
	case 1:
		return "1 sandbox: " + ids[0]
	}
	return fmt.Sprintf("%d sandboxes: %s", len(ids), strings.Join(ids, ", "))
}

func newList(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "ls", Short: "List this machine's sandboxes", Args: atMost(0),
		RunE: func(cmd *cobra.Command, _ []string) error {
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			defer c.Close()
			list, err := c.List(cmd.Context())
			if err != nil {
				return err
			}
			if len(list) == 0 {
				fmt.Fprintln(cmd.ErrOrStderr(), "no sandboxes")
				return nil
			}
			table := tabwriter.NewWriter(cmd.OutOrStdout(), 0, 8, 2, ' ', 0)
			fmt.Fprintln(table, "SANDBOX_ID\tCREATED\tLAST USED\tPROCESSES\tCLIENTS")
			for _, s := range list {
				fmt.Fprintf(table, "%s\t%s\t%s\t%d\t%d\n", sanitize.Line(s.ID), clock(s.Created), clock(s.LastUsed), s.Processes, s.Clients)
			}
			return table.Flush()
		},
	}
}

func clock(ms int64) string { return time.UnixMilli(ms).Format(time.DateTime) }

func newRemove(f *flags) *cobra.Command {
	var all, force bool
	cmd := &cobra.Command{
		Use: "rm SANDBOX_ID…", Short: "Remove sandboxes: their processes, variables and files",
		Long: `Remove sandboxes: their processes, variables and files. One that a client is connected to, such as an
open REPL, is removed with --force alone; the client is told.`,
		Example: `  sandrepl rm my-session
  sandrepl rm --all --force`,
		RunE: func(cmd *cobra.Command, ids []string) error {
			if all == (len(ids) > 0) {
				return usagef("name the sandboxes to remove, or give --all")
			}
			for _, id := range ids {
				if err := client.ValidateSandboxID(id); err != nil {
					return usageError{err}
				}
			}
			c, err := f.client(cmd.Context())
			if err != nil {
				return err
			}
			defer c.Close()
			list, err := c.List(cmd.Context())
			if errors.Is(err, client.ErrUnsupported) && !all {
				return destroy(cmd, c, ids) // a Worker does not know which there are
			}
			if err != nil {
				return err
			}
			clients := map[string]int{}
			for _, s := range list {
				clients[s.ID] = s.Clients
				if all {
					ids = append(ids, s.ID)
				}
			}
			for _, id := range ids {
				n, there := clients[id]
				switch {
				case !there:
					return fmt.Errorf("there is no sandbox %s: sandrepl ls lists them", id)
				case n == 1 && !force:
					return fmt.Errorf("a client is connected to %s, such as an open REPL: leave it, or give --force; nothing was removed", id)
				case n > 1 && !force:
					return fmt.Errorf("%d clients are connected to %s, such as open REPLs: leave them, or give --force; nothing was removed", n, id)
				}
			}
			return destroy(cmd, c, ids)
		},
	}
	cmd.Flags().BoolVar(&all, "all", false, "remove every sandbox")
	cmd.Flags().BoolVarP(&force, "force", "f", false, "also those that a client is connected to")
	return cmd
}

func destroy(cmd *cobra.Command, c *client.Client, ids []string) error {
	for _, id := range ids {
		if err := c.Destroy(cmd.Context(), id); err != nil {
			return fmt.Errorf("remove %s: %w", id, err)
		}
		fmt.Fprintln(cmd.OutOrStdout(), id)
	}
	return nil
}

func newStop(f *flags) *cobra.Command {
	return &cobra.Command{
		Use: "stop", Short: "End this machine's server and its sandboxes", Args: atMost(0),
		Long: `End this machine's server, whether it runs in the background or is a sandrepl serve, and all of its
sandboxes: their processes, variables and files. Says what was ended.`,
		RunE: func(cmd *cobra.Command, _ []string) error {
			b, err := f.background()
			if err != nil {
				return err
			}
			stopped, err := b.Stop(cmd.Context())
			server := "Ended the background server"
			switch {
			case errors.Is(err, sandbox.ErrNotRunning):
				fmt.Fprintln(cmd.ErrOrStderr(), "no server runs here, and there are no sandboxes")
				return nil
			case err != nil:
				return err
			case stopped.PID == 0:
				fmt.Fprintf(cmd.OutOrStdout(), "No server ran. Ended what an earlier one had left: %s.\n", sandboxes(stopped.Sandboxes))
				return nil
			case stopped.Foreground:
				server = "Ended the sandrepl serve"
			}
			fmt.Fprintf(cmd.OutOrStdout(), "%s (process %d), and %s.\n", server, stopped.PID, sandboxes(stopped.Sandboxes))
			return nil
		},
	}
}
