// Cases and chains for the lab's tests: taps in a row, with hops of the test between them.
import { createServer, type Server, type Socket } from "node:net";
import { type LabOptions, openLab, type OpenLab } from "../../../harness/lab/lab.ts";
import type { Address } from "../../../harness/lab/protocol.ts";
import { responseParser } from "../../../harness/decode/http1.ts";
import { firstAttempt } from "../../../harness/model/case-identity.ts";
import type { CaseRecording, ConnectionRecording, Wire } from "../../../harness/model/recording.ts";
import type { Case, ClientPlan, Script, Step } from "../../../harness/model/script.ts";

export const anyPort: Address = { host: "127.0.0.1", port: 0 };

/** Puts a hop in front of `upstream`; returns its address. */
export type Hop = (upstream: Address) => Promise<Address>;

/** Shorter than the times that the tests wait for, longer than the delay of a busy machine. */
export const soonMs = 400;

let tokens = 0;
export const newToken = (): string => (tokens++).toString(36).padStart(8, "t");

type Do = OpenLab["do"];

/** Taps from the origin to the client, with hops between them: tap 0, hop 0, tap 1 … */
export const openTaps = async (order: Do, hops: (Hop | null)[], id = newToken()): Promise<string[]> => {
  const ids = [`${id}-0`];
  const first = await order("open-tap", { id: `${id}-0`, target: "origin", listen: anyPort });
  let upstream: Address = { host: "127.0.0.1", port: first.port };
  for (const [index, hop] of hops.entries()) {
    if (hop) upstream = await hop(upstream);
    const tapId = `${id}-${index + 1}`;
    const { port } = await order("open-tap", { id: tapId, target: upstream, listen: anyPort });
    upstream = { host: "127.0.0.1", port };
    ids.push(tapId);
  }
  return ids;
};

export interface Bench extends AsyncDisposable {
  lab: OpenLab;
  taps: string[];
  run: (trialCase: CaseShape) => Promise<CaseRecording>;
}

export const openBench = async (hops: (Hop | null)[] = [], options: LabOptions = {}): Promise<Bench> => {
  const lab = await openLab(options);
  const taps = await openTaps(lab.do, hops);
  return {
    lab,
    taps,
    run: (shape) => lab.do("run-case", { case: caseOf(shape), token: newToken(), taps }),
    [Symbol.asyncDispose]: () => lab[Symbol.asyncDispose](),
  };
};

export interface CaseShape extends Partial<Omit<Script, "steps" | "body">> {
  steps: Step[];
  recordBytes?: number[];
  format?: Script["body"]["format"];
  clients?: Partial<ClientPlan>[];
  /** Of the case. */
  keepBytes?: number;
}

export const repeat = (bytes: number, times: number): number[] => Array.from({ length: times }, () => bytes);

export const caseOf = ({
  steps,
  recordBytes = repeat(100, 8),
  format = "ndjson",
  clients = [{}],
  keepBytes,
  ...script
}: CaseShape): Case => ({
  ...(keepBytes === undefined ? {} : { keepBytes }),
  ...firstAttempt("paced"),
  id: "case",
  point: {},
  title: "a case of a test",
  script: {
    status: 200,
    headers: [],
    contentType: null,
    framing: "chunked",
    version: "1.1",
    trailers: [],
    body: { format, filler: "incompressible", recordBytes },
    ...script,
    steps,
  },
  clients: clients.map((plan) => ({
    start: { afterMs: 0 },
    target: "/stream",
    host: "hopwise.test",
    protocol: "h1",
    version: "1.1",
    method: "GET",
    acceptEncoding: null,
    headers: [],
    readBytesPerSecond: null,
    leave: null,
    patienceMs: 400,
    ...plan,
  })),
});

export const textOf = (wire: Wire): string => Buffer.from(wire.bytes).toString("latin1");

/** The decoded chunks or the plain body of a whole response. */
export const contentOf = (wire: Wire, method = "GET"): Buffer => {
  const parser = responseParser({ method });
  const events = [...parser.push(wire.bytes), ...parser.close()];
  return Buffer.concat(events.flatMap((event) => (event.kind === "content" ? [event.bytes] : [])));
};

export const only = <Thing>(things: readonly Thing[]): Thing => {
  if (things.length !== 1) throw new Error(`There should be one, not ${things.length}`);
  return things[0] as Thing;
};

export const tapOf = (recording: CaseRecording, tap: number): ConnectionRecording =>
  only(recording.connections.filter((part) => part.tap === tap));

export const endsOf = ({ closings }: ConnectionRecording): string[] => closings.map(({ by, how }) => `${by} ${how}`);

/** A plain server that ends with the test. */
export interface RawServer extends AsyncDisposable {
  server: Server;
  address: Address;
  sockets: Set<Socket>;
  next: () => Promise<Socket>;
}

export const rawServer = async (onConnection: (socket: Socket) => void = () => {}, isHalfOpen = true): Promise<RawServer> => {
  const sockets = new Set<Socket>();
  const waiting: ((socket: Socket) => void)[] = [];
  const unclaimed: Socket[] = [];
  const server = createServer({ allowHalfOpen: isHalfOpen, noDelay: true }, (socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.on("close", () => sockets.delete(socket));
    onConnection(socket);
    const claim = waiting.shift();
    if (claim) claim(socket);
    else unclaimed.push(socket);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as { port: number };
  return {
    server,
    address: { host: "127.0.0.1", port },
    sockets,
    next: () => {
      const socket = unclaimed.shift();
      return socket ? Promise.resolve(socket) : new Promise((resolve) => waiting.push(resolve));
    },
    [Symbol.asyncDispose]: async () => {
      const closed = new Promise((resolve) => server.close(resolve));
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
};

/** What a socket shows until it is over: its bytes, and `fin`, `reset` or both. */
export interface Watched {
  bytes: () => Buffer;
  signs: string[];
  ended: Promise<void>;
}

export const watch = (socket: Socket): Watched => {
  const parts: Buffer[] = [];
  const signs: string[] = [];
  socket.on("data", (bytes: Buffer) => parts.push(bytes));
  const ended = new Promise<void>((resolve) => {
    socket.on("end", () => {
      signs.push("fin");
      resolve();
    });
    socket.on("error", () => {
      for (let bytes: unknown; (bytes = socket.read()) !== null;) parts.push(bytes as Buffer);
      signs.push("reset");
      resolve();
    });
    socket.on("close", () => resolve());
  });
  return { bytes: () => Buffer.concat(parts), signs, ended };
};

export const happens = (thing: NodeJS.EventEmitter, event: string): Promise<unknown> =>
  new Promise((resolve) => thing.once(event, resolve));
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
