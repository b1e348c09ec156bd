package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/export"
	"github.com/sandrepl/sandrepl/session"
)

// exportFormats are what a sandbox's cells can be written as.
var exportFormats = []string{"ipynb", "py", "md"}

func newExport(f *flags) *cobra.Command {
	var format, file string
	cmd := &cobra.Command{
		Use: "export SANDBOX_ID", Short: "Write a sandbox's cells as a notebook, as Python or as Markdown",
		Long: `Write a sandbox's cells, with their output, as a notebook (ipynb), as Python (py, the code alone)
or as Markdown (md): to FILE, or to standard output. What the sandbox's journal no longer has is left out.`,
		Example: `  sandrepl export my-session -o analysis.ipynb
  sandrepl export my-session --format md`,
		Args: func(_ *cobra.Command, args []string) error {
			if len(args) != 1 {
				return usagef("name the one sandbox to export")
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error {
			if format == "" {
				format = "ipynb"
				if ending := strings.TrimPrefix(filepath.Ext(file), "."); slices.Contains(exportFormats, ending) {
					format = ending
				}
			}
			var content bytes.Buffer
			cells, err := f.export(cmd.Context(), args[0], format, &content)
			if err != nil {
				return err
			}
			if file == "" || file == "-" {
				_, err := content.WriteTo(cmd.OutOrStdout())
				return err
			}
			if err := os.WriteFile(file, content.Bytes(), 0o600); err != nil {
				return err
			}
			fmt.Fprintf(cmd.ErrOrStderr(), "%d cells written to %s\n", cells, file)
			return nil
		},
	}
	cmd.Flags().StringVar(&format, "format", "", "`ipynb`, py or md (default: by the FILE's ending, or ipynb)")
	cmd.Flags().StringVarP(&file, "output", "o", "", "the `FILE` to write; standard output without it")
	return cmd
}

// export writes what is in the sandbox's journal, and tells how many cells that is.
func (f *flags) export(ctx context.Context, id, format string, w io.Writer) (cells int, err error) {
	if !slices.Contains(exportFormats, format) {
		return 0, usagef("--format: %q is none of %s", format, strings.Join(exportFormats, ", "))
	}
	options, err := f.session([]string{id})
	if err != nil {
		return 0, err
	}
	ctx, cancel := context.WithTimeout(ctx, f.openFor())
	defer cancel()
	var n export.Notebook
	switch _, err := session.Past(ctx, options, n.Add); {
	case errors.Is(err, client.ErrNoSandbox):
		return 0, fmt.Errorf("there is no sandbox %s: check the SANDBOX_ID; sandrepl ls lists them", id)
	case err != nil:
		return 0, err
	}
	if n.Cells() == 0 {
		return 0, errors.New("the sandbox has no cells: check the SANDBOX_ID, or its container has slept; sandrepl ls lists those of this machine")
	}
	switch format {
	case "py":
		err = n.Python(w)
	case "md":
		err = n.Markdown(w)
	default:
		err = n.IPython(w)
	}
	return n.Cells(), err
}

// saveCells writes the sandbox's cells to a new file in this folder, and says which.
func (f *flags) saveCells(ctx context.Context, id, format string) (string, error) {
	var content bytes.Buffer
	cells, err := f.export(ctx, id, format, &content)
	if err != nil {
		return "", err
	}
	for n := 1; ; n++ {
		name := id + "." + format
		if n > 1 {
			name = fmt.Sprintf("%s-%d.%s", id, n, format)
		}
		path, err := filepath.Abs(name)
		if err != nil {
			return "", err
		}
		file, err := os.OpenFile(path, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o600)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return "", fmt.Errorf("the cells are not saved: %w; start sandrepl in a folder that you may write to", err)
		}
		_, err = content.WriteTo(file)
		if err = errors.Join(err, file.Close()); err != nil {
			return "", err
		}
		return fmt.Sprintf("All cells (%d) are saved: %s", cells, path), nil
	}
}
