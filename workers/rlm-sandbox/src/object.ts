// The Durable Object of a sandbox: the SDK's, with a log of its own.

import { Sandbox as SDK } from "@cloudflare/sandbox";

export class Sandbox extends SDK {
  constructor(ctx: ConstructorParameters<typeof SDK>[0], env: unknown) {
    super(ctx, env);
    this["logger"] = quiet;
  }
}

/** The SDK would log commands and paths: what a cell holds is nobody's but its sender's. */
const quiet = {
  debug() {},
  info() {},
  warn() {},
  error(_message: string, error?: Error) {
    console.error({ event: "sandbox.failed", name: error?.name });
  },
  child: () => quiet,
};
