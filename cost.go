package main

import (
	"encoding/json"
	"time"

	"github.com/spf13/cobra"

	"github.com/sandrepl/sandrepl/pricing"
)

func newCost(f *flags) *cobra.Command {
	var u pricing.Usage
	var asJSON bool
	cmd := &cobra.Command{
		Use: "cost", Short: "Explain what a sandbox on Cloudflare costs", Args: atMost(0),
		Long: `Explain what a sandbox on Cloudflare costs, for a time awake and of it busy. It is an
estimate, from prices that are part of this program. Sandboxes on this machine cost nothing.`,
		Example: "  sandrepl cost --awake 2h --busy 15m --instance standard-1",
		RunE: func(cmd *cobra.Command, _ []string) error {
			instance, err := f.instanceType()
			if err != nil {
				return err
			}
			if u.Awake < 0 || u.Busy < 0 || u.Busy > u.Awake {
				return usagef("--busy %v of --awake %v: a container is busy for a part of the time that it is awake", u.Busy, u.Awake)
			}
			estimate := instance.Estimate(u)
			if !asJSON {
				return estimate.Explain(cmd.OutOrStdout())
			}
			out := struct {
				pricing.Estimate
				Awake float64 `json:"awake_seconds"`
				Busy  float64 `json:"busy_seconds"`
			}{estimate, u.Awake.Seconds(), u.Busy.Seconds()}
			return json.NewEncoder(cmd.OutOrStdout()).Encode(out)
		},
	}
	cmd.Flags().DurationVar(&u.Awake, "awake", time.Hour, "how long the container is awake")
	cmd.Flags().DurationVar(&u.Busy, "busy", 0, "how long of it cells run")
	cmd.Flags().BoolVar(&asJSON, "json", false, "print one JSON object, in US dollars and seconds")
	return cmd
}

// instanceType is the size of the containers that the Worker runs.
func (f *flags) instanceType() (pricing.Instance, error) {
	instance, err := pricing.ParseInstance(f.instance)
	if err != nil {
		return instance, usageError{err}
	}
	return instance, nil
}
