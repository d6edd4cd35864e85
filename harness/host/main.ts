// The program of a Node hop: `node harness/host/main.ts`, configured by the environment.
//   HOPWISE_HOST  {"file", "variant", "middlewares": [{"file", "variant"}], "hop"}, middlewares in the direction of the response's bytes
//   UPSTREAM      http://host:port of the neighbor nearer the origin
//   HOST, PORT, PROBE_PORT   where to listen; port 0 chooses one
// It prints one line of JSON with its ports, and ends when the pipe at its standard input closes.
import { once } from "node:events";
import { fstatSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { AddressInfo, Server } from "node:net";
import { resolve } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import type { MiddlewareDefinition, NodeServer, Variant } from "../define.ts";
import { compose } from "./compose.ts";
import { manifestOf, packageName } from "./packages.ts";
import { createProbeServer, createProbeStore } from "./probe-store.ts";

interface Part {
  file: string;
  variant: string;
}

interface Plan extends Part {
  middlewares: Part[];
  hop: string;
}

const main = async ({ HOPWISE_HOST, UPSTREAM, HOST = "127.0.0.1", PORT = "0", PROBE_PORT = "0" }: NodeJS.ProcessEnv): Promise<void> => {
  if (!HOPWISE_HOST || !UPSTREAM) throw new Error("HOPWISE_HOST and UPSTREAM are not set");
  const plan = JSON.parse(HOPWISE_HOST) as Plan;
  const server = (await load(plan)) as Loaded<NodeServer>;
  const middlewares = (await Promise.all(plan.middlewares.map(load))) as Loaded<MiddlewareDefinition>[];
  const place = { upstream: new URL(UPSTREAM), options: server.settings.options ?? {} };
  const store = createProbeStore();

  const listen = async (what: Server, port: string): Promise<number> => {
    what.listen(Number(port), HOST);
    await once(what, "listening");
    return (what.address() as AddressInfo).port;
  };

  const build = async (): Promise<Server> => {
    const { handler, server: whole } = server.definition;
    if (handler) {
      const layers = await Promise.all(middlewares.map(async ({ definition, settings }) => definition.create(settings.options ?? {})));
      return createServer(compose(await handler(place), layers, plan.hop, store));
    }
    if (!whole) throw new Error(`${plan.file} has neither a handler nor a server`);
    if (middlewares.length > 0) throw new Error(`${plan.file} is a whole server: it cannot host middlewares`);
    return whole(place);
  };

  const port = await listen(await build(), PORT);
  const probePort = middlewares.length > 0 ? await listen(createProbeServer(store), PROBE_PORT) : null;
  const packages = [server, ...middlewares].flatMap(({ definition, base }) =>
    [definition.package ?? []].flat().map((wanted) => versionOf(packageName(wanted), base)),
  );
  process.stdout.write(`${JSON.stringify({ port, probePort, version: [`node ${process.version}`, ...packages].join(", ") })}\n`);
};

interface Loaded<Definition> {
  definition: Definition;
  settings: Variant;
  base: URL;
}

const load = async ({ file, variant }: Part): Promise<Loaded<unknown>> => {
  const base = pathToFileURL(resolve(file));
  const { default: definition } = (await import(base.href)) as { default: { variants: Record<string, Variant> } };
  const settings = definition.variants[variant];
  if (!settings) throw new Error(`${file} has no variant "${variant}"; it has ${Object.keys(definition.variants).join(", ")}`);
  return { definition, settings, base };
};

const versionOf = (name: string, base: URL): string => {
  const file = manifestOf(name, fileURLToPath(base));
  if (!file) throw new Error(`The package "${name}" is not installed`);
  const manifest = JSON.parse(readFileSync(file, "utf8")) as { name: string; version: string };
  return `${manifest.name} ${manifest.version}`;
};

/** Only a pipe shows that the parent is alive, not a terminal or /dev/null (a container without -i). */
const endWithParent = (): void => {
  const input = fstatSync(0);
  if (!input.isFIFO() && !input.isSocket()) return;
  process.stdin
    .on("error", () => process.exit())
    .on("close", () => process.exit())
    .resume();
};

// Ctrl-C reaches the whole process group; the run stops its hops itself.
process.on("SIGINT", () => {});
endWithParent();
await main(process.env);
