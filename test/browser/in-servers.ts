// An EventSource through nginx, Varnish and Caddy, in containers: what it resumes after a cut, and what a reload does to it. Before these were
// first asked, the answers were expected as the servers' own pages have them: https://nginx.org/en/docs/control.html,
// https://nginx.org/en/docs/ngx_core_module.html#worker_shutdown_timeout, https://varnish-cache.org/docs/7.7/reference/varnish-cli.html,
// https://caddyserver.com/docs/caddyfile/options#grace-period
import { flowEvents, retryMs } from "./flow.ts";
import type { ChainMeasure } from "./in-chains.ts";
import { numberOf, onPage, resumed, resumedEvents } from "./measures.ts";
import type { Around } from "./measures.ts";
import { collectEvents, statusOf } from "./page.ts";
import { inTime } from "./time.ts";

interface Server {
  name: string;
  hop: string;
}

/** `without`: how it answers where its upstream does not. */
interface Resuming extends Server {
  without: 502 | 503;
}

const servers: Resuming[] = [
  { name: "nginx 1.26", hop: "nginx@1.26:http-1.1", without: 502 },
  { name: "nginx 1.30", hop: "nginx@1.30:http-1.1", without: 502 },
  { name: "Varnish 7.7", hop: "varnish@7.7", without: 503 },
  { name: "Caddy 2.11", hop: "caddy@2.11", without: 502 },
];

const isWhole = `each of ${flowEvents} events comes once`;
const cutAt = 5;
const reloadAt = 8;

const resumes = `after ${inTime(retryMs, retryMs)} it asks for what follows the last whole event; ${isWhole}`;
const goesOn = `it goes on by the same request; ${isWhole}`;
/** Of worker_shutdown_timeout, and of grace_period. */
const shutdownMs = 1000;
const cutAfterOne = `it is cut after ${inTime(shutdownMs, shutdownMs)}; ${resumes}`;

interface Reload extends Server {
  reload: string;
  expected: string;
  expectedAtFirst?: string;
}

const shutdown = "nginx -s reload, with worker_shutdown_timeout 1s";
const reloads: Reload[] = [
  { name: "nginx 1.26", hop: "nginx@1.26:http-1.1", reload: "nginx -s reload", expected: goesOn },
  { name: "nginx 1.30", hop: "nginx@1.30:http-1.1", reload: "nginx -s reload", expected: goesOn },
  { name: "nginx 1.26", hop: "nginx@1.26:short-shutdown", reload: shutdown, expected: cutAfterOne },
  { name: "nginx 1.30", hop: "nginx@1.30:short-shutdown", reload: shutdown, expected: cutAfterOne },
  { name: "Varnish 7.7", hop: "varnish@7.7", reload: "vcl.load and vcl.use", expected: goesOn },
  { name: "Varnish 7.7", hop: "varnish@7.7:pass", reload: "vcl.load and vcl.use, with return (pass)", expected: goesOn },
  { name: "Caddy 2.11", hop: "caddy@2.11", reload: "caddy reload", expected: goesOn },
  // A reload does not wait for its old server, and takes back what limits it as soon as that has begun to stop ("context canceled" in its
  // log); Go's Server.Shutdown then leaves open connections alone: App.Stop in
  // https://github.com/caddyserver/caddy/blob/master/modules/caddyhttp/app.go, https://pkg.go.dev/net/http#Server.Shutdown
  {
    name: "Caddy 2.11",
    hop: "caddy@2.11:grace-period",
    reload: "caddy reload, with grace_period 1s",
    expected: goesOn,
    expectedAtFirst: cutAfterOne,
  },
];

export const inServers: ChainMeasure[] = [
  ...servers.map(({ name, hop }): ChainMeasure => ({
    id: `${hop}-resumes`,
    chain: [hop],
    question: `EventSource through ${name}: a cut connection, twice, then 204: what does it deliver, and what does it ask for?`,
    expected: resumedEvents,
    ask: resumed,
  })),
  ...servers.map(({ name, hop }): ChainMeasure => ({
    id: `${hop}-reset`,
    chain: [hop],
    question: `EventSource through ${name}: the application resets its connection in the middle of an event, and had sent retry: ${retryMs}`,
    expected: resumes,
    ask: cutByTheOrigin,
  })),
  ...servers.map(({ name, hop, without }): ChainMeasure => ({
    id: `${hop}-away`,
    chain: [hop],
    question: `EventSource through ${name}: an event, an end, and an application that is away: does it try again?`,
    expected: `events 1 one; it gives up at ${without}`,
    ask: away,
  })),
  ...reloads.map(({ name, hop, reload, ...expected }): ChainMeasure => ({
    id: `${hop}-reload`,
    chain: [hop],
    question: `EventSource through ${name}: ${reload} while events flow`,
    ...expected,
    ask: reloaded,
  })),
];

async function cutByTheOrigin(around: Around): Promise<string> {
  const id = `cut-${numberOf()}`;
  const events = await onPage(around, (page) => page.evaluate(collectEvents, `/flowing?id=${id}&cut-after=${cutAt}`));
  return continued(around, id, events);
}

async function away(around: Around): Promise<string> {
  const url = `/away?id=${numberOf()}`;
  return onPage(around, async (page) => {
    const events = await page.evaluate(collectEvents, url);
    return `events ${events.join(", ")}; it gives up at ${await page.evaluate(statusOf, url)}`;
  });
}

async function reloaded(around: Around): Promise<string> {
  const id = `reloaded-${numberOf()}`;
  const flow = around.origin.flow(id);
  let reloadedAt = Infinity;
  const reload = async (): Promise<void> => {
    await flow.reached(reloadAt);
    reloadedAt = performance.now();
    await around.reload?.();
  };
  const [events] = await Promise.all([onPage(around, (page) => page.evaluate(collectEvents, `/flowing?id=${id}`)), reload()]);
  const [first, ...more] = flow.requests;
  if (more.length === 0) return `it goes on by the same request; ${wholeness(events)}`;
  return `it is cut after ${inTime(msBetween(reloadedAt, first?.endedAt), shutdownMs)}; ${continued(around, id, events)}`;
}

/** How the page went on after its first request. */
function continued({ origin }: Around, id: string, events: readonly string[]): string {
  const [first, second, ...more] = origin.flow(id).requests;
  if (!first || !second || more.length > 0) return `requests: ${origin.flow(id).requests.length}; ${wholeness(events)}`;
  const lost = first.written - second.last;
  const after = lost === 0 ? "the last whole event" : `the last event but ${lost}`;
  return `after ${inTime(msBetween(first.endedAt, second.at), retryMs)} it asks for what follows ${after}; ${wholeness(events)}`;
}

function msBetween(from: number | null, to: number | null | undefined): number {
  return (to ?? NaN) - (from ?? NaN);
}

function wholeness(events: readonly string[]): string {
  const whole = Array.from({ length: flowEvents }, (_, index) => `${index + 1} ${index + 1}`);
  return whole.join() === events.join() ? isWhole : `events ${events.join(", ")}`;
}
