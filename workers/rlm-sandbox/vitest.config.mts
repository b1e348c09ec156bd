import { cloudflareTest } from "@cloudflare/vitest-pool-workers";
import { defineConfig } from "vitest/config";

// The tests run in real workerd. There is no container: test/standin has one that is not.
export default defineConfig({
  plugins: [
    cloudflareTest({
      main: "./test/standin/scripted.ts",
      wrangler: { configPath: "./wrangler.jsonc" },
      miniflare: { bindings: { AUTH_TOKEN: "test-token" } },
    }),
  ],
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    silent: "passed-only",
    // The SDK's relay handles no failure of a body that is not read to its end.
    onUnhandledError: ({ message }) => message !== "Network connection lost.",
  },
});
