declare namespace Cloudflare {
  interface Env {
    Sandbox: DurableObjectNamespace<import("../src/object").Sandbox>;
    AUTH_TOKEN: string;
    SLEEP_AFTER: string;
  }
}
