// What `--help` adds to the list of options: examples, and the exit codes.
import { parameters } from "../probe/origin/schedule.ts";

const parameterHelp = Object.entries(parameters)
  .map(([name, { says, fallback }]) => `  ${name.padEnd(10)} ${says} (default: ${fallback})`)
  .join("\n");

export const mainHelp = `
Check your own configuration:
  npx hopwise check deploy/nginx.conf          which line breaks streams, and the change that fixes it
  npx hopwise check docker-compose.yml         the same, for the proxy of a compose file

Which heartbeat keeps a silent stream alive:
  npx hopwise timeouts deploy/nginx.conf --platform heroku,cloudflare

Run scenarios, each a chain of hops with a stream through it:
  npx hopwise run                              the catalog, without real applications
  npx hopwise run nginx-gzip-holds-events      one of them, by its id
  npx hopwise run ./edge.yaml                  your own scenario
  npx hopwise run --hop "node my-proxy.js"     the standard trials through your own proxy

Test a deployed URL, as a client:
  npx hopwise probe https://example.org/events do its records arrive one by one, and how does it end?

Get started:
  npx hopwise init                             write first files for this project, and a CI workflow
  npx hopwise list servers                     what you can build chains from
  npx hopwise doctor                           what is missing on this machine

Exit codes, the first that applies:
  130  interrupted
    2  an error in a scenario, a configuration, an option or a name
    1  something failed
    3  something could not be judged (npx hopwise doctor lists what is missing)
    0  everything passed
`;

export const commandHelp = {
  run: `
Examples:
  npx hopwise run 'nginx-*'                             by a pattern of ids (quoted, so that the shell does not expand it)
  npx hopwise run 'deploy/*.ts' --grep 'events'         from your files, those whose id or title matches
  npx hopwise run --runtime process --showcase          needs only Node
  npx hopwise run edge.yaml --reporter pretty --reporter json=out/report.json
  npx hopwise run edge.yaml --reporter github --reporter junit=out/hopwise.xml
  npx hopwise run deploy/ --baseline main.json          fail only if something is worse than on main
  npx hopwise run deploy/ --shard 1/3 --reporter json=out/1.json
  npx hopwise run 'nginx-cuts-*' --time-scale 20        minute-long timeouts in seconds (docs/time-compression.md)
  npx hopwise run edge.yaml --save-traces out/traces    save traces, to inspect or judge them again

Your own proxy: any command that listens on PORT and forwards to UPSTREAM (both are environment variables)
  npx hopwise run --hop "node my-proxy.js"
  npx hopwise run --hop 'caddy reverse-proxy --from :$PORT --to $UPSTREAM' --grep lock-step

Your own application as the origin (http:// only); Hopwise watches each stream for ten seconds
  npx hopwise run --app http://localhost:3000/events --hop "node my-proxy.js"
  npx hopwise run --app http://localhost:3000/events --through nginx:gzip

A scenario is one file, and the file name is its id. The chain is listed from origin to client:
  title: Events survive our edge
  chain:
    - app: sse
    - server: http-proxy
      middlewares: [gzip]
    - nginx:unbuffered
  request: { acceptEncoding: gzip }
  trial: { kind: lock-step }
  must: { deliver: incrementally, end: complete }

The same in TypeScript (in a clone of Hopwise, run "npm run build" first, or write export default {…} without the import):
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
  npx hopwise check deploy/nginx.conf                    every route that proxies
  npx hopwise check docker-compose.yml --service nginx --path /events --for sse
  npx hopwise check docker-compose.yml --path /events --keep-app
                                                         with the application of the compose file as the upstream
  npx hopwise check deploy/default.conf.template --env BACKEND=web:8000
  npx hopwise check deploy/ --image nginx:1.29 --reporter pretty --reporter sarif=out/hopwise.sarif
  npx hopwise check deploy/nginx.conf --write            apply the proven fixes to your files
  npx hopwise check deploy/nginx.conf --save-traces out/traces
                                                         save the trace of every trial, experiments included

Your configuration runs as it is, apart from the stubs that the report lists, in a container without outbound network access; scripted
upstreams replace the real ones. A line is blamed only if the fault disappears without it. A fix is proposed only if it was tried and
broke nothing else.

Without a container engine, nothing runs: the report predicts from the configuration alone, proves nothing, and the exit code is 3.

Put the settings of a project into hopwise.yaml, in the folder from which you run hopwise:
  for: sse
  path: /events
  must: { deliver: incrementally, noticeDisconnectWithinMs: 1000, surviveSilenceMs: 30000 }
`,
  timeouts: `
Examples:
  npx hopwise timeouts deploy/nginx.conf                   each route of your configuration
  npx hopwise timeouts docker-compose.yml --service nginx --path /events
  npx hopwise timeouts deploy/nginx.conf --platform heroku,cloudflare
                                                           behind Heroku's router, which is behind Cloudflare
  npx hopwise timeouts django:gthread,nginx@1.26,fastly    a chain of the catalog, from origin to client
  npx hopwise timeouts nginx-cuts-silence-after-a-minute   the chain of a scenario
  npx hopwise timeouts --platform aws-api-gateway:edge     one product of a platform, where its timeouts differ
  npx hopwise timeouts deploy/nginx.conf --json

A chain can name what these print: npx hopwise list servers (or middlewares, origins, platforms).

Nothing is started: values are lines of your configuration, defaults from documentation, or results of recorded runs, and each says
which. Timeouts of platforms are documented, never measured. npx hopwise check measures those of your own configuration.

Exit code 3: the value of a timeout could not be read.
`,
  probe: `
Examples:
  npx hopwise probe https://example.org/events             over HTTP/1.1, 2 and 3
  npx hopwise probe https://example.org/events --for 120   long enough for an idle timeout of a minute
  npx hopwise probe https://example.org/v1/chat --data '{"stream":true}' --header 'Authorization: Bearer …' --once
  npx hopwise probe https://example.org/events --origin http://10.0.0.7:8000/events
                                                           compares with the application itself, and says which side holds
  npx hopwise probe https://example.org/events --reporter html=probe.html --open
  npx hopwise probe https://localhost:8443/events --insecure --http 2

An outsider sees when records arrive, not when they were written. Events that arrive at once after a silence were held by a hop, or sent
that way by the application: --origin shows which. With "npx hopwise origin" deployed behind the URL, each event says when it was written,
so that lateness, missing and repeated events, caches and retries are proven.

Probing is polite: at most 5 connections, --for and --max-bytes bound each, redirects are followed on the same host only, and no field
of --header is printed. Exit code 1: held, cut or changed; 3: no stream, or too few records to judge.
`,
  origin: `
Examples:
  npx hopwise origin --port 8000 --host 0.0.0.0
  npx hopwise probe 'https://example.org/events?every=1000&count=8'      through the proxies in front of it
  npx hopwise probe 'https://example.org/events?count=4&pause=90000' --for 120
                                                                         a silence of 90 s in the middle
Paths: /events streams Server-Sent Events, /lines newline-delimited JSON. Parameters:
${parameterHelp}
  end        complete, or reset: cut the response after the last event
Ctrl-C ends it.
`,
  merge: `
Examples:
  npx hopwise merge shards/*.json
  npx hopwise merge shards/*.json --reporter junit=hopwise.xml --reporter pretty

Pass the report of every shard once. All must come from the same version of Hopwise and the same runtime.
`,
  show: `
Examples:
  npx hopwise show report.json                           the report of a run, a check or a probe again, as text
  npx hopwise show report.json --open                    as a page in your browser
  npx hopwise show out/traces/*.json --reporter html=traces.html
                                                         traces, judged again, without a requirement

Nothing is measured, and the exit code is 0 whatever the report says.
`,
  init: `
Writes these files, unless they exist:
  hopwise/events-survive.yaml       a scenario to start from
  .github/workflows/hopwise.yml     runs hopwise/ on every push and pull request
`,
} as const;
