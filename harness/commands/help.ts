// What `--help` adds to the list of options: examples, and what the exit code means.
export const mainHelp = `
Examples:
  hopwise run                              every scenario of the catalogue
  hopwise run nginx-gzip-holds-events      one of them, by its id
  hopwise run ./edge.ts                    a scenario of your own
  hopwise run --hop "node my-proxy.js"     your own proxy, through the standard trials
  hopwise list servers                     what a chain can be made of
  hopwise doctor                           what is missing on this machine

Exit codes, the first that applies:
  130  interrupted
    2  a mistake in a scenario, an option or a name
    1  something fails
    3  something could not be judged (hopwise doctor tells why)
    0  all holds
`;

export const commandHelp = {
  run: `
Examples:
  hopwise run 'nginx-*'                           by a pattern of ids (quoted, so that the shell leaves it alone)
  hopwise run 'deploy/*.ts' --grep 'events'       your files, those whose id or title matches
  hopwise run --runtime process --showcase        needs nothing but Node
  hopwise run edge.ts --reporter pretty --reporter json=out/report.json
  hopwise run edge.ts --save-traces out/traces    keeps what was seen, to be looked at and judged again

Your own proxy: any command that listens on PORT and forwards to UPSTREAM, both in its environment
  hopwise run --hop "node my-proxy.js"
  hopwise run --hop 'caddy reverse-proxy --from :$PORT --to $UPSTREAM' --grep lock-step

A scenario is one file; its name is its id, and its chain is read in the direction of the bytes:
  import { defineScenario } from "hopwise";
  export default defineScenario({
    title: "Events survive our edge",
    chain: [{ app: "sse" }, { server: "http-proxy", middlewares: ["gzip"] }, "nginx:unbuffered"],
    request: { acceptEncoding: "gzip" },
    trial: { kind: "lock-step" },
    must: { deliver: "incrementally", end: "complete" },
  });
`,
} as const;
