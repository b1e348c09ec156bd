package doctor

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/url"
	"strings"
	"time"

	"github.com/sandrepl/sandrepl/client"
	"github.com/sandrepl/sandrepl/session"
)

// upgrade says how to get a Worker that has everything.
const upgrade = "sandrepl worker init writes the sources of one that has it; npm run deploy there puts it in this one's place."

func (e *examination) lookAtHealth(ctx context.Context) finding {
	begin := time.Now()
	health, err := e.client.Health(ctx)
	if err != nil {
		return failed(err)
	}
	e.health, e.trip = health, time.Since(begin)
	e.skew = time.UnixMilli(health.Timestamp).Sub(begin.Add(e.trip / 2))
	return fine("%s, %s", cmp.Or(health.Service, "a service without a name"), cmp.Or(health.Version, "of a version that it does not tell"))
}

func (e *examination) lookAtFeatures(context.Context) finding {
	features := e.health.Features
	switch {
	case e.has(client.FeatureConnect):
		return fine("%s", strings.Join(features, ", "))
	case len(features) == 0:
		return warning("none: cells work by polling", "With connect, output comes as it is printed and a cell costs one round trip, not two: "+upgrade)
	}
	return warning(strings.Join(features, ", ")+", but not connect: cells work by polling", "With connect, output comes as it is printed: "+upgrade)
}

func (e *examination) lookAtToken(ctx context.Context) finding {
	err := e.client.Admitted(ctx)
	token := e.Session.Worker.Token
	switch {
	case errors.Is(err, client.ErrUnauthorized) && token == "":
		return finding{Failed, "The " + e.server() + " asks for a token, and RLM_CF_AUTH_TOKEN is not set.", e.tokenRemedy(err)}
	case errors.Is(err, client.ErrUnauthorized):
		return finding{Failed, "The " + e.server() + " refused the token. " + err.Error(), e.tokenRemedy(err)}
	case err != nil:
		return failed(err)
	case e.local():
		return fine("none is needed: only you can open the socket")
	case token == "":
		return e.open("The " + e.server() + " asks for no token")
	}
	bare := e.Session.Worker
	bare.Token = ""
	without, err := client.New(bare)
	if err != nil {
		return failed(err)
	}
	defer without.Close()
	if without.Admitted(ctx) == nil {
		return e.open("The " + e.server() + " takes the token, but asks for none")
	}
	return fine("taken")
}

func (e *examination) tokenRemedy(err error) string {
	if e.ours() {
		return "Set RLM_CF_AUTH_TOKEN to the AUTH_TOKEN that its sandrepl serve was started with."
	}
	return session.Explain(err).Next
}

// open is the finding of a Worker that anybody may use.
func (e *examination) open(found string) finding {
	if u, err := url.Parse(e.client.URL()); err == nil {
		if ip := net.ParseIP(u.Hostname()); u.Hostname() == "localhost" || ip != nil && ip.IsLoopback() {
			return fine("none is asked for, on this machine")
		}
	}
	if e.ours() {
		return warning(found+": whoever reaches it can run code in its sandboxes.",
			"Start sandrepl serve with AUTH_TOKEN in its environment, and set the same as RLM_CF_AUTH_TOKEN here.")
	}
	return warning(found+": whoever knows its URL can run code in your containers, at your cost.",
		"Set one: npx wrangler secret put AUTH_TOKEN in the Worker's folder, then the same as RLM_CF_AUTH_TOKEN here.")
}

// clockLimit is how far apart clocks may be before the times of cells and the age of certificates go wrong.
const clockLimit = 5 * time.Second

func (e *examination) lookAtClock(context.Context) finding {
	apart := e.skew.Abs()
	switch {
	case e.health.Timestamp == 0:
		return fine("the %s does not tell its own", e.server())
	case apart > clockLimit+e.trip:
		side := "behind"
		if e.skew < 0 {
			side = "ahead of"
		}
		return warning(fmt.Sprintf("this machine is %s %s the %s", apart.Round(time.Second), side, e.server()),
			"Set this machine's clock (timedatectl set-ntp true): certificates and the times of cells depend on it.")
	}
	return fine("as the %s's, within %s", e.server(), ms(max(apart, e.trip)))
}
