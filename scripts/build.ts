// Builds dist/ for publishing: Node refuses to strip types below node_modules. Sources in development are run as they are.
import { spawnSync } from "node:child_process";
import { cpSync, globSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { optionsOf } from "./_options.ts";

optionsOf({});

const root = dirname(import.meta.dirname);
process.chdir(root);
rmSync("dist", { recursive: true, force: true });
const { status } = spawnSync(process.execPath, [join(root, "node_modules/typescript/bin/tsc"), "-p", "tsconfig.build.json"], {
  stdio: "inherit",
});
if (status !== 0) process.exit(status ?? 1);
// What is data already: schemas, scenarios in YAML, a server's own files, measured timeouts.
for (const file of globSync("{harness,origins,middlewares,platforms,proxies,results,scenarios}/**/*", { withFileTypes: true }))
  if (file.isFile() && !file.name.endsWith(".ts")) cpSync(join(file.parentPath, file.name), join("dist", file.parentPath, file.name));
