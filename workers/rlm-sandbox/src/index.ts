// The Worker: the Worker API over Cloudflare's sandboxes. It holds no state; a sandbox is a Durable Object with a container.

import { admit } from "./auth";
import { explain } from "./errors";
import { type Call, notFound, routes } from "./routes";
import type { Env } from "./sandbox";

export { Sandbox } from "@cloudflare/sandbox";

export default {
  async fetch(request: Request, env: Env): Promise<Response> {
    const url = new URL(request.url);
    const name = `${request.method === "HEAD" ? "GET" : request.method} ${url.pathname}`;
    const route = Object.hasOwn(routes, name) ? routes[name] : undefined;
    const call: Call = { request, query: url.searchParams, env };
    try {
      await admit(request, url, env.AUTH_TOKEN);
      return route ? await route.serve(call) : notFound();
    } catch (error) {
      const refused = explain(error, name);
      if (refused.status >= 500) log(route ? name : "", refused.status, refused.extras.code, call.sandbox);
      return refused.response(route?.shape ?? {});
    }
  },
} satisfies ExportedHandler<Env>;

/** One line for a failure, with nothing in it that a client sent but a sandbox's id: no token, command, path or content. */
function log(route: string, status: number, code: string | undefined, sandbox: string | undefined): void {
  console.error({ event: "request.failed", route, status, code, sandbox });
}
