// What `--help` adds to the list of options: examples, and what the exit code means.
export const mainHelp = `
Examples:
  hopwise run                              every scenario of the catalogue
  hopwise run nginx-gzip-holds-events      one of them, by its id
  hopwise check deploy/nginx.conf          your own configuration: which line breaks streams, and its cure
  hopwise init                             a first scenario of your own, and a CI workflow
  hopwise run ./edge.yaml                  a scenario of your own
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
  hopwise run edge.yaml --reporter pretty --reporter json=out/report.json
  hopwise run edge.yaml --reporter github --reporter junit=out/hopwise.xml
  hopwise run deploy/ --baseline main.json        no worse than on main
  hopwise run deploy/ --shard 1/3 --reporter json=out/1.json
  hopwise run 'nginx-cuts-*' --time-scale 20      limits of minutes in seconds (docs/time-compression.md)
  hopwise run edge.yaml --save-traces out/traces    keeps what was seen, to be looked at and judged again

Your own proxy: any command that listens on PORT and forwards to UPSTREAM, both in its environment
  hopwise run --hop "node my-proxy.js"
  hopwise run --hop 'caddy reverse-proxy --from :$PORT --to $UPSTREAM' --grep lock-step

Your own application as the origin, http:// only; it is watched for ten seconds, and nothing is told to it
  hopwise run --app http://localhost:3000/events --hop "node my-proxy.js"
  hopwise run --app http://localhost:3000/events --through nginx:gzip

A scenario is one file; its name is its id, and its chain is read in the direction of the bytes:
  title: Events survive our edge
  chain:
    - app: sse
    - server: http-proxy
      middlewares: [gzip]
    - nginx:unbuffered
  request: { acceptEncoding: gzip }
  trial: { kind: lock-step }
  must: { deliver: incrementally, end: complete }

The same in TypeScript (in a clone of Hopwise the import needs "npm run build"; without it: export default {…}):
  import { defineScenario } from "hopwise";
  export default defineScenario({
    title: "Events survive our edge",
    chain: [{ app: "sse" }, { server: "http-proxy", middlewares: ["gzip"] }, "nginx:unbuffered"],
    request: { acceptEncoding: "gzip" },
    trial: { kind: "lock-step" },
    must: { deliver: "incrementally", end: "complete" },
  });
`,
  check: `
Examples:
  hopwise check deploy/nginx.conf                    every route that proxies
  hopwise check docker-compose.yml --service nginx --path /events --for sse
  hopwise check docker-compose.yml --path /events --keep-app
                                                     with the application of the compose file behind the proxy
  hopwise check deploy/default.conf.template --env BACKEND=web:8000
  hopwise check deploy/ --image nginx:1.29 --reporter pretty --reporter sarif=out/hopwise.sarif
  hopwise check deploy/nginx.conf --write            makes the proven cures in your files

Your configuration runs unmodified, in a container without a route out; its upstreams are played by Hopwise. A line is blamed only if
the fault goes away without it, and a cure is proposed only if it was tried and broke nothing else.

What a project wants stands in hopwise.yaml beside it:
  for: sse
  path: /events
  must: { deliver: incrementally, noticeDisconnectWithinMs: 1000, surviveSilenceMs: 30000 }
`,
  merge: `
Examples:
  hopwise merge shards/*.json
  hopwise merge shards/*.json --reporter junit=hopwise.xml --reporter pretty

All shards must be there, each once, from one version of Hopwise and one runtime.
`,
  init: `
Writes, where nothing of that name is there yet:
  hopwise/events-survive.yaml       a scenario to start from
  .github/workflows/hopwise.yml     runs hopwise/ on every push and pull request
`,
} as const;
