// The user's own application as the origin (`--app`). It cannot be scripted and its body is not known in advance, so only the passage of
// its bytes through the hops is judged.
import type { Scenario } from "../define.ts";
import type { Address } from "../lab/protocol.ts";
import { isMultiplexed, multiplexedName } from "../model/script.ts";
import type { Case, ClientPlan } from "../model/script.ts";
import { caseId, firstAttempt } from "../model/case-identity.ts";
import { atPoint, pointsOf } from "../model/sweep.ts";
import type { Point } from "../model/sweep.ts";
import { AuthorError } from "../errors.ts";
import { definitionOf, kindsThat } from "../trials/index.ts";

export interface Application {
  url: string;
  address: Address;
  /** Path and query, sent unchanged. */
  target: string;
  /** The Host header. */
  host: string;
  /** How long to watch a stream that does not end. */
  watchMs: number;
}

export const applicationOf = (text: string, watchMs: number): Application => {
  const refuse = (why: string): AuthorError =>
    new AuthorError(`--app ${text} ${why}. Give the URL of a stream of your application, e.g. --app http://localhost:3000/events`);
  const url = URL.parse(text);
  if (!url) throw refuse("is not a URL");
  if (url.protocol === "https:")
    throw refuse("uses TLS, which hides the bytes from Hopwise: give the plain http:// address, before TLS is added");
  if (url.protocol !== "http:") throw refuse("is not an http:// URL");
  if (url.username !== "" || url.password !== "") throw refuse("contains a user name or password, which would not be sent: remove it");
  const host = url.hostname.replace(/^\[|\]$/g, "");
  return { url: url.href, address: { host, port: Number(url.port || 80) }, target: url.pathname + url.search, host: url.host, watchMs };
};

/** Why this scenario needs a scripted origin; null if it does not. */
export const cannotTest = ({ trial }: Scenario): string | null =>
  definitionOf(trial).withoutScript
    ? null
    : `A ${trial.kind} trial needs an origin that follows a script, which your application does not: omit --app, or use trials that only watch (${kindsThat(({ withoutScript }) => withoutScript).join(", ")})`;

/** How long the upstream is watched after its client left. */
const noticeMs = 1500;
/** How long a client stays after the first byte. */
const leaveAfterMs = 200;

export const applicationCases = (scenario: Scenario, application: Application): { cases: Case[]; lingerMs: number } => {
  const leaves = definitionOf(scenario.trial).withoutScript === "leave";
  const points = pointsOf(scenario.request ?? {}, {}, { kind: "paced" });
  const cases = points.flatMap((point) =>
    (leaves ? departuresOf(point) : [null]).map((departure) => atPoint(caseAt(point, application, departure), point)),
  );
  return { cases, lingerMs: leaves ? noticeMs : 0 };
};

interface Departure {
  id: string;
  how: NonNullable<ClientPlan["leave"]>["how"];
  words: string;
}

/** As with a scripted origin: over HTTP/2, one of two streams is canceled, then a connection is closed. */
const departuresOf = ({ request }: Point): Departure[] =>
  isMultiplexed(request.clients ?? "h1")
    ? [
        { id: "cancel", how: "cancel", words: `cancels one of two streams of its ${multiplexedName(request.clients)} connection` },
        { id: "close", how: "fin", words: `closes its ${multiplexedName(request.clients)} connection` },
      ]
    : [
        { id: "fin", how: "fin", words: "leaves by FIN" },
        { id: "reset", how: "reset", words: "leaves by RST" },
      ];

const caseAt = ({ request }: Point, { host, target, watchMs }: Application, departure: Departure | null): Case => {
  const client: ClientPlan = {
    start: { afterMs: 0 },
    target,
    host,
    isNamedInTarget: false,
    protocol: request.clients ?? "h1",
    version: request.version ?? "1.1",
    method: request.method ?? "GET",
    acceptEncoding: request.acceptEncoding ?? null,
    headers: request.headers ?? [],
    readBytesPerSecond: null,
    // To the client, the first byte is the only record.
    leave: departure && { how: departure.how, records: 1, afterMs: leaveAfterMs },
    patienceMs: watchMs,
  };
  const identity = departure === null ? firstAttempt("watch") : firstAttempt("leave", departure.id);
  return {
    ...identity,
    id: caseId(identity),
    point: {},
    title:
      departure === null
        ? `what your application sends within ${watchMs / 1000} s`
        : `the client ${departure.words} ${leaveAfterMs} ms after the first byte`,
    script: {
      status: 200,
      headers: [],
      contentType: null,
      framing: "chunked",
      version: "1.1",
      body: { format: "binary", filler: "compressible", recordBytes: [1] },
      trailers: [],
      steps: [],
    },
    clients: departure?.how === "cancel" ? [client, staying(client)] : [client],
  };
};

/** The other stream of a connection on which one is canceled: it stays open while the canceled one's upstream is watched. */
const staying = (client: ClientPlan): ClientPlan => ({
  ...client,
  leave: { how: "cancel", records: 1, afterMs: leaveAfterMs + noticeMs },
  onConnectionOf: 0,
});
