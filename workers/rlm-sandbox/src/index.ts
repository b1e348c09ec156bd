// The Worker: the Worker API over Cloudflare's sandboxes. It holds no state; a sandbox is a Durable Object with a container.

import { admit } from "./auth";
import { codeOf, explain, type Refusal } from "./errors";
import { type Call, notFound, type Route, routes } from "./routes";
import type { Env } from "./sandbox";

export { Sandbox } from "./object";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    const name = `${request.method === "HEAD" ? "GET" : request.method} ${url.pathname}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    const call: Call = { request, query: url.searchParams, env };
    let shape: Route["shape"] = {};
    try {
      await admit(request, url, env.AUTH_TOKEN);
      shape = route?.shape ?? {};
      return route ? await route.serve(call) : notFound();
    } catch (error) {
      const refused = explain(error, "answer the request");
      if (refused.extras.cause !== undefined) log(name, refused, call.sandbox);
      return refused.response(shape);
    }
  },
} satisfies ExportedHandler<Env>;

/**
 * One line for what the SDK or the platform failed with. It holds nothing that a client sent but the sandbox's id: no token,
 * command, path or content, which the SDK's own messages may hold.
 */
function log(route: string, { status, extras: { cause } }: Refusal, sandbox: string | undefined): void {
  const code = codeOf(cause);
  const why = code === "" && cause instanceof Error ? cause.message : undefined;
  console.error({ event: "request.failed", route, status, sandbox, ...(code ? { code } : { why }) });
}
