package main

import (
	"slices"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"
)

// useful are the shared flags that a command has a use for; one that is not here has a use for all.
var useful = map[string][]string{
	"serve":  {"isolation", "python", "state-dir"},
	"ls":     {"state-dir", "worker-url"},
	"rm":     {"state-dir", "worker-url"},
	"stop":   {"state-dir"},
	"doctor": {"isolation", "python", "state-dir", "transport", "worker-url"},
	"export": {"isolation", "python", "state-dir", "timeout", "transport", "worker-url"},
	"cost":   {"instance"},
	"config": {"instance", "python", "theme", "transport", "worker-url"},
	"worker": nil, "man": nil, "version": nil, "completion": nil,
}

// usefulHelp has each command's help tell the shared flags that it has a use for; the others are taken all the same.
func usefulHelp(root *cobra.Command) {
	help := root.HelpFunc()
	root.SetHelpFunc(func(cmd *cobra.Command, args []string) {
		defer onlyUseful(cmd)()
		help(cmd, args)
	})
}

// onlyUseful hides the other flags until the function that it returns is called.
func onlyUseful(cmd *cobra.Command) (restore func()) {
	shared := cmd.Root().PersistentFlags()
	for c := cmd; c != nil; c = c.Parent() {
		if names, some := useful[c.Name()]; some {
			shared.VisitAll(func(flag *pflag.Flag) { flag.Hidden = !slices.Contains(names, flag.Name) })
			break
		}
	}
	return func() { shared.VisitAll(func(flag *pflag.Flag) { flag.Hidden = false }) }
}
