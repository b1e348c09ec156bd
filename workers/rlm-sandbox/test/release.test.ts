// What must be said twice is the same in both places.

import { env } from "cloudflare:test";
import { expect, it } from "vitest";
import dockerfile from "../Dockerfile?raw";
import { dependencies, version } from "../package.json";
import lock from "../package-lock.json?raw";
import readme from "../README.md?raw";
import capnp from "../workertest/worker.capnp?raw";
import config from "../wrangler.jsonc?raw";
import { ask, reply, request } from "./helpers";

const settings = JSON.parse(config.replace(/^\s*\/\/.*$/gm, ""));

it("the image speaks the SDK's protocol: the base tag is the SDK's version, pinned", () => {
  const [, tag] = /^FROM docker\.io\/cloudflare\/sandbox:(\S+)$/m.exec(dockerfile) ?? [];
  expect(tag).toBe(dependencies["@cloudflare/sandbox"]);
  expect(tag).toMatch(/^\d+\.\d+\.\d+$/);
  expect(JSON.parse(lock).packages["node_modules/@cloudflare/sandbox"].version).toBe(tag);
});

it("the image has what the guide names", () => {
  for (const name of ["python3", "numpy", "sympy", "requests", "--no-cache-dir"]) expect(dockerfile).toContain(name);
});

it("the configuration binds the class that the Worker exports", async () => {
  const { default: _, ...classes } = await import("../src/index");
  expect(Object.keys(classes)).toEqual(["Sandbox"]);
  const { containers, durable_objects, migrations } = settings;
  expect(containers).toMatchObject([{ class_name: "Sandbox", image: "./Dockerfile", instance_type: "basic" }]);
  expect(durable_objects.bindings).toEqual([{ class_name: "Sandbox", name: "Sandbox" }]);
  expect(migrations[0].new_sqlite_classes).toEqual(["Sandbox"]);
  expect(env.SLEEP_AFTER).toBe("10m");
});

it("Go's tests run it as Cloudflare does", () => {
  expect(capnp).toContain(`compatibilityDate = ${JSON.stringify(settings.compatibility_date)}`);
  expect(capnp).toContain(`compatibilityFlags = ${JSON.stringify(settings.compatibility_flags)}`);
});

it("health says which version answers, and what it can", async () => {
  const got = await reply(await ask(request("GET", "/health")));
  expect(got.body).toMatchObject({ version, features: ["connect", "destroy"] });
});

it("the README tells the endpoints and the settings that there are", async () => {
  const { body } = await reply(await ask(request("GET", "/nope")));
  const told = [...readme.matchAll(/^\| (GET|POST|DELETE) \| `(\S+)` \|/gm)].map(
    ([, method, path]) => `${method} ${path}`,
  );
  expect(told).toEqual(body["endpoints"]);
  expect(readme).toContain(`| ${settings.containers[0].max_instances} |`);
  expect(readme).toContain(`| \`${settings.vars.SLEEP_AFTER}\` |`);
});

it("the lock file names no registry", () => {
  expect(lock).not.toContain('"resolved"');
});
