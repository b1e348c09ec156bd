// Before `npm run dev` and `npm run deploy`: what makes the container's build fail, told in words that say what to do.
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

const here = new URL("../", import.meta.url);
const read = (path) => readFileSync(new URL(path, here), "utf8");

const base = /^FROM\s+(?:docker\.io\/)?cloudflare\/sandbox:(\S+)/m.exec(read("Dockerfile"))?.[1];
let sdk;
try {
  sdk = JSON.parse(read("node_modules/@cloudflare/sandbox/package.json")).version;
} catch {
  console.error("preflight: @cloudflare/sandbox is not installed: run npm install first");
  process.exit(1);
}
if (base !== sdk) {
  console.error(`preflight: the Dockerfile's base image is cloudflare/sandbox:${base ?? "?"}, and the SDK is ${sdk}:
the two speak one protocol. Make it FROM docker.io/cloudflare/sandbox:${sdk} (npm list @cloudflare/sandbox tells the version).`);
  process.exit(1);
}
try {
  execFileSync("docker", ["info"], { stdio: "ignore", timeout: 20_000 });
} catch {
  // `npm run dev -- --enable-containers=false` does without; a deploy does not.
  console.error(
    `preflight: Docker does not run, and the image cannot be built without it: start it (docker info says what is wrong)${
      process.argv[2] === "deploy" ? "" : "; npm run dev -- --enable-containers=false needs none, and has no sandboxes"
    }`,
  );
  if (process.argv[2] === "deploy") process.exit(1);
}
