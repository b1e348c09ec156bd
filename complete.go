package main

import (
	"context"
	"path/filepath"
	"time"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/config"
	"github.com/sandrepl/sandrepl/pricing"
	"github.com/sandrepl/sandrepl/themes"
)

// completes tells the shells what may stand where a sandbox's id or a flag's value does.
func (f *flags) completes(root *cobra.Command) {
	for flag, values := range map[string]func() []string{
		"theme": func() []string {
			all, _, _ := themes.All(filepath.Join(config.Dir(), "themes"))
			return append(themes.Names(all), themes.Auto)
		},
		"transport": func() []string { return []string{"auto", "connect", "poll"} },
		"isolation": func() []string { return []string{"namespaces", "none"} },
		"instance": func() (names []string) {
			for _, i := range pricing.Instances {
				names = append(names, i.Name)
			}
			return names
		},
		"worker-url":   nothing,
		"broker-url":   nothing,
		"context":      nothing,
		"timeout":      nothing,
		"context-json": nothing,
	} {
		_ = root.RegisterFlagCompletionFunc(flag, func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
			return values(), cobra.ShellCompDirectiveNoFileComp
		}) // fails for a flag that is not there, which a test would show
	}
	_ = root.MarkPersistentFlagDirname("state-dir")
	_ = root.MarkPersistentFlagFilename("setup", "py")
	root.ValidArgsFunction = f.oneSandbox
	for _, cmd := range root.Commands() {
		switch cmd.Name() {
		case "rm":
			cmd.ValidArgsFunction = f.sandboxes
		case "exec": // the second is a file
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
				if len(args) > 0 {
					return nil, cobra.ShellCompDirectiveDefault
				}
				return f.sandboxes(cmd, args, typed)
			}
		case "play": // the first is a file of cells
			cmd.ValidArgsFunction = func(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
				switch len(args) {
				case 0:
					return []string{"ipynb", "py"}, cobra.ShellCompDirectiveFilterFileExt
				case 1:
					return f.sandboxes(cmd, args, typed)
				}
				return nil, cobra.ShellCompDirectiveNoFileComp
			}
		case "export":
			cmd.ValidArgsFunction = f.oneSandbox
		case "man":
			cmd.ValidArgsFunction = func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
				return nil, cobra.ShellCompDirectiveFilterDirs
			}
		case "ls", "stop", "version", "config", "cost", "doctor", "serve":
			cmd.ValidArgsFunction = cobra.NoFileCompletions
		}
	}
}

func nothing() []string { return nil }

func (f *flags) oneSandbox(cmd *cobra.Command, args []string, typed string) ([]string, cobra.ShellCompDirective) {
	if len(args) > 0 {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	return f.sandboxes(cmd, args, typed)
}

// sandboxes are the ids of this machine's, if its server runs: a tab starts none.
func (f *flags) sandboxes(cmd *cobra.Command, args []string, _ string) ([]string, cobra.ShellCompDirective) {
	background, err := f.background()
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	c, err := client.New(client.Options{URL: "unix://" + background.Socket()})
	if err != nil {
		return nil, cobra.ShellCompDirectiveNoFileComp
	}
	defer c.Close()
	ctx, cancel := context.WithTimeout(cmd.Context(), time.Second)
	defer cancel()
	list, _ := c.List(ctx) // none, when it does not run
	given := map[string]bool{}
	for _, id := range args {
		given[id] = true
	}
	var ids []string
	for _, s := range list {
		if !given[s.ID] {
			ids = append(ids, s.ID+"\tlast used "+clock(s.LastUsed))
		}
	}
	return ids, cobra.ShellCompDirectiveNoFileComp
}
