package main

import (
	"errors"
	"fmt"

	"github.com/spf13/cobra"

	rlmsandbox "github.com/sandrepl/sandrepl/workers/rlm-sandbox"
)

// deployed is said once a Worker's sources are written.
const deployed = `Wrote the Worker's sources into %[1]s, with a new token in its .dev.vars. To deploy it, with Node and Docker (npm may
warn of Node's version, which does not matter: the packages bring their own):

  cd %[1]s
  npm install
  npx wrangler login
  npm run deploy -- --secrets-file .dev.vars

Then, with the URL that the deploy prints:

  export RLM_CF_WORKER_URL=https://rlm-sandbox.<your-subdomain>.workers.dev
  export RLM_CF_AUTH_TOKEN=$(sed -n 's/^AUTH_TOKEN=//p' .dev.vars)
  sandrepl doctor
  sandrepl my-session
`

func newWorker() *cobra.Command {
	cmd := &cobra.Command{
		Use: "worker", Short: "Deploy a Worker of your own on Cloudflare",
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) > 0 {
				return usagef("worker %s: there is worker init", args[0])
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, _ []string) error { return cmd.Help() },
	}
	cmd.AddCommand(&cobra.Command{
		Use: "init [DIR]", Short: "Write the Worker's sources into a new folder", Args: atMost(1),
		Long: `Write the sources of a Cloudflare Worker into a new folder (rlm-sandbox unless DIR is given): its versions
pinned, a fresh token in .dev.vars. Nothing that is there is overwritten. Says how to deploy it.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			dir := "rlm-sandbox"
			if len(args) > 0 {
				dir = args[0]
			}
			err := rlmsandbox.Init(dir)
			if errors.Is(err, rlmsandbox.ErrNotEmpty) {
				return usagef("%w: name another folder, or move that one away", err)
			}
			if err != nil {
				return fmt.Errorf("write the Worker's sources: %w", err)
			}
			_, err = fmt.Fprintf(cmd.OutOrStdout(), deployed, dir)
			return err
		},
	})
	return cmd
}
