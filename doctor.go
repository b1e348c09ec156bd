package main

import (
	"encoding/json"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/doctor"
	"github.com/sandrepl/sandrepl/tui/sanitize"
)

func newDoctor(f *flags) *cobra.Command {
	var asJSON bool
	cmd := &cobra.Command{
		Use: "doctor [SANDBOX_ID]", Short: "Check the way to a sandbox, and say what to do", Args: atMost(1),
		Long: `Check the way to a sandbox, step by step: the URL, the network, the Worker and its features,
the token, the sandbox and its Python, how long a round trip takes, how cells would travel, the
clock. Each line says what was found and, where something is wrong, what to do.

Exit codes: 0 when cells can run, 2 for usage, 3 when they cannot.`,
		RunE: func(cmd *cobra.Command, args []string) error {
			options, err := f.session(args)
			if err != nil {
				return err
			}
			if len(args) == 0 {
				options.SandboxID = ""
			}
			report := doctor.Examine(cmd.Context(), doctor.Options{Session: options, Named: f.named()}, printCheck(cmd, asJSON))
			if asJSON {
				out := json.NewEncoder(cmd.OutOrStdout())
				out.SetEscapeHTML(false)
				out.SetIndent("", "  ")
				err = out.Encode(report)
			}
			if err == nil && !report.OK {
				err = exitError(exitUnreachable)
			}
			return err
		},
	}
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object in the end")
	return cmd
}

// named tells what named the Worker.
func (f *flags) named() string { return f.config.From("worker_url").String() }

var outcomes = map[doctor.Outcome]string{doctor.OK: "ok", doctor.Warning: "warn", doctor.Failed: "FAIL"}

// printCheck tells each check as soon as it is made, unless all of them come as JSON. One that was not made tells nothing.
func printCheck(cmd *cobra.Command, asJSON bool) func(doctor.Check) {
	if asJSON {
		return func(doctor.Check) {}
	}
	return func(c doctor.Check) {
		if c.Outcome == doctor.Skipped {
			return
		}
		fmt.Fprintf(cmd.OutOrStdout(), "%-5s%-12s%s\n", outcomes[c.Outcome], c.Name, sanitize.Line(c.Found))
		if c.Remedy != "" {
			fmt.Fprintf(cmd.OutOrStdout(), "%17sdo: %s\n", "", sanitize.Line(c.Remedy))
		}
	}
}
