// Stands in for the container that Cloudflare gives a Sandbox: what the runtime has as ctx.container. The SDK's own
// Durable Object runs on top of it, unchanged, so that tests see its calls and its errors.

/** What answers at the container's ports. It throws where nothing listens, as the runtime does. */
export type Serve = (port: number, request: Request) => Promise<Response>;

export class Container {
  running = false;
  #ended: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(
    private readonly serve: Serve,
    private readonly onEnd: () => Promise<void> = async () => {},
  ) {}

  start(): void {
    this.running = true;
    this.#ended = Promise.withResolvers();
  }

  monitor(): Promise<void> {
    return this.#ended.promise;
  }

  async destroy(): Promise<void> {
    this.running = false;
    await this.onEnd();
    this.#ended.resolve();
  }

  signal(): void {
    this.running = false;
    this.#ended.resolve();
  }

  /** Ends it as the platform does: its monitor fails. */
  fail(error: Error): void {
    this.running = false;
    this.#ended.promise.catch(() => {});
    this.#ended.reject(error);
  }

  getTcpPort(port: number): { fetch: typeof fetch } {
    return {
      fetch: async (input, init) => {
        if (!this.running) throw notListening(port);
        return this.serve(port, new Request(input as Request, init as RequestInit));
      },
    };
  }

  setInactivityTimeout(): void {}
}

export function notListening(port: number): Error {
  return new Error(`the container is not listening in the TCP address 10.0.0.1:${port}`);
}

/** Gives the Durable Object's context a container, as the runtime would. */
export function equip(ctx: DurableObjectState, container: Container): DurableObjectState<Record<string, never>> {
  Object.defineProperty(ctx, "container", { value: container });
  return ctx as DurableObjectState<Record<string, never>>;
}
