import type { BinaryServer, NodeServer, ServerDefinition } from "../../../harness/define.ts";
import type { BinaryPlan, NodePlan } from "../../../harness/runtime/hop.ts";
import type { ServerPlan } from "../../../harness/runtime/runtime.ts";
import httpPipe from "../../../proxies/http-pipe.ts";

export const fileOf = (path: string): string => new URL(path, import.meta.url).pathname;

export const nodePlan = (
  hop: string,
  definition: ServerDefinition = httpPipe,
  file = fileOf("../../../proxies/http-pipe.ts"),
): NodePlan => ({
  kind: "node",
  hop,
  file,
  definition: definition as NodeServer,
  variant: "default",
  middlewares: [],
});

export const withCompression = (plan: NodePlan): NodePlan => ({
  ...plan,
  middlewares: [{ id: "compression", file: fileOf("../../../middlewares/compression.ts"), variant: "default" }],
});

export const binaryPlan = (hop: string, definition: ServerDefinition, variant = "default"): BinaryPlan => {
  const binary = definition as BinaryServer;
  return { kind: "binary", hop, definition: binary, variant, settings: binary.variants[variant] ?? binary.variants.default, image: null };
};

export const commandPlan = (hop: string, command: string): ServerPlan => ({
  kind: "command",
  hop,
  command,
  workingFolder: fileOf("./fixtures"),
});

/** A foreign server that is there on every machine; `more` is appended to its configuration. */
export const standin = (more = ""): BinaryServer => ({
  kind: "binary",
  clients: ["h1"],
  title: "A stand-in",
  link: "https://nodejs.org/api/http.html",
  binary: fileOf("./fixtures/standin.mjs"),
  version: { args: ["-v", "/dev/null"], pattern: /version ([\d.]+)/ },
  debian: { release: "forky", packages: ["nodejs"] },
  image: "",
  files: ({ listenPort, upstream }) => ({ "conf/standin.conf": `listen ${listenPort}\nupstream ${upstream.origin}\n${more}` }),
  args: ({ folder }) => [`${folder}/conf/standin.conf`],
  check: { args: ({ folder }) => ["-t", `${folder}/conf/standin.conf`], problem: /\[emerg\]/ },
  variants: { default: { title: "forwards" } },
});
