// The Worker as vitest runs it: the SDK's Durable Object over a container that a test writes the answers of.

import { Sandbox as Real } from "../../src/object";
import { Container, equip, notListening, type Serve } from "./container";

export { default } from "../../src/index";

/** What a container's control server was asked. */
export interface Asked {
  path: string;
  body: Record<string, unknown>;
}

/** What the containers of a test do, and what was done to them. */
export const script = {
  /** How often a Durable Object was made, and a container started. */
  objects: 0,
  starts: 0,
  asked: [] as Asked[],
  /** What reached a port other than the control server's. */
  joined: [] as { port: number; request: Request }[],
  ended: 0,
  /** Fails a container's start with an error of the platform. */
  startError: undefined as Error | undefined,
  /** Answers the control server. */
  control: ((_) => Response.json({ success: true, stdout: "", stderr: "", exitCode: 0 })) as (asked: Asked) => Response,
  /** Answers any other port. */
  port: (async (port) => {
    throw notListening(port);
  }) as Serve,
};

const initial = { ...script };

export function reset(): void {
  Object.assign(script, initial, { asked: [], joined: [] });
}

const serve: Serve = async (port, request) => {
  if (port !== 3000) {
    script.joined.push({ port, request });
    return script.port(port, request);
  }
  const path = new URL(request.url).pathname;
  if (!path.startsWith("/api/")) return new Response("ok"); // the runtime knocks to see whether it is up
  if (path === "/api/version") return Response.json({ success: true, version: "0.12.10" });
  const asked = { path, body: (await request.json()) as Record<string, unknown> };
  script.asked.push(asked);
  return script.control(asked);
};

class Counted extends Container {
  override start(): void {
    script.starts++;
    super.start();
    if (script.startError) this.fail(script.startError);
  }
}

export class Sandbox extends Real {
  constructor(ctx: DurableObjectState, env: Cloudflare.Env) {
    script.objects++;
    super(equip(ctx, new Counted(serve, async () => void script.ended++)), env);
  }
}
