package main

import (
	"context"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/export"
	"github.com/sandrepl/sandrepl/tui"
)

// usualSpeed is how fast code is typed out, in characters a second, unless told otherwise: as a quick typist does.
const usualSpeed = 20

func newPlay(f *flags) *cobra.Command {
	var speed int
	cmd := &cobra.Command{
		Use: "play FILE [SANDBOX_ID]", Short: "Step through the cells of a notebook or script, one key at a time",
		Long: `Step through the cells of a notebook (.ipynb) or of a script (.py) in the REPL. f10 puts the next cell into
the input, where it can be edited, and runs it when pressed again; f5 does both at once; f7 goes back. alt+f7 lists the
cells; the palette (ctrl+p) has more. Notes in markdown appear among the cells.

A script's cells begin with # %% as VS Code, Spyder and jupytext write it, # %% [markdown] above notes; without such
marks its top-level statements are taken, as far as blank lines set them apart.`,
		Example: `  sandrepl play demo.ipynb
  sandrepl play demo.py my-session --type`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) == 0 {
				return usagef("name the notebook or script to step through")
			}
			return atMost(2)(nil, args)
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if speed < 0 || speed > 1000 {
				return usagef("--type=%d: name a speed of 1 to 1000 characters a second", speed)
			}
			script, err := openScript(args[0])
			if _, number := strconv.Atoi(args[0]); err != nil && number == nil && speed > 0 {
				return usagef("%w: the speed is given as --type=%s", err, args[0])
			}
			if err != nil {
				return usageError{err}
			}
			return f.replWith(cmd, args[1:], tui.Play{Script: script, Speed: speed})
		},
	}
	cmd.Flags().IntVar(&speed, "type", 0, "type the cells out, at human speed or at `N` characters a second")
	cmd.Flags().Lookup("type").NoOptDefVal = strconv.Itoa(usualSpeed)
	return cmd
}

func openScript(path string) (tui.Script, error) {
	steps, err := export.ReadFile(path)
	script := tui.Script{Name: filepath.Base(path)}
	for _, s := range steps {
		script.Steps = append(script.Steps, tui.Step(s))
	}
	return script, err
}

// What is looked for in the folder that sandrepl was started in.
const (
	scriptsDepth = 3 // folders below it
	scriptsMost  = 2000
)

// scriptsHere are the notebooks and scripts that can be opened, the nearest first.
func scriptsHere(ctx context.Context) []string {
	var found []string
	seen := 0
	_ = filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		if seen++; err != nil { // what cannot be read is not listed
			return fs.SkipDir
		}
		switch {
		case ctx.Err() != nil || len(found) >= scriptsMost || seen > 50*scriptsMost:
			return filepath.SkipAll
		case entry.IsDir() && path != "." && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || strings.Count(path, string(filepath.Separator)) >= scriptsDepth):
			return filepath.SkipDir
		case entry.Type().IsRegular() && slices.Contains([]string{".ipynb", ".py"}, strings.ToLower(filepath.Ext(path))):
			found = append(found, path)
		}
		return nil
	})
	slices.SortStableFunc(found, func(a, b string) int {
		return strings.Count(a, string(filepath.Separator)) - strings.Count(b, string(filepath.Separator))
	})
	return found
}
