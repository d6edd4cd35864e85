// The commands of the lab process and their answers. Frames: u32 length of the JSON, u32 length of the blob, JSON, blob. Typed arrays and bytes
// are in the blob, so that a recording of megabytes needs no base64 (see `frames.ts`).
import type { CaseRecording, ControlWindow } from "../model/recording.ts";
import type { Case, ClientProtocol } from "../model/script.ts";

export interface Address {
  host: string;
  port: number;
}

export interface CaseOrder {
  case: Case;
  /** Eight characters a–z0–9, unique in the run: names the case on the wire, in the query and in a header field. */
  token: string;
  /** Ids of the taps from the origin to the client; the clients connect to the last, unless `clientTaps` has one for their protocol. */
  taps: string[];
  /** In front of the last hop's further listeners. */
  clientTaps?: Partial<Record<ClientProtocol, string>>;
  /** Where the last hop listens for HTTP/3, without a tap in front of it, and how many times faster its clock runs. */
  http3?: { hop: Address; timeScale: number };
  /** Further taps to the origin, if a configuration has several upstreams. */
  besides?: string[];
  /** Paths of subrequests (nginx's auth_request, mirror): answered with an empty 200, and not judged. */
  subrequests?: string[];
  /** How long to record after the last client is gone, for an origin without a script. */
  lingerMs?: number;
}

/** In front of a tap, for a server that does not speak plain HTTP over TCP. */
export interface RelayOrder {
  id: string;
  listen: Address | { path: string };
  /** Of the tap. */
  target: Address;
  speaks: "http" | "uwsgi" | "fastcgi" | "scgi" | "grpc";
  /** Key and certificates: it is reached by TLS. */
  pem?: string;
}

/** Of two responses of a server. */
export interface Dates {
  /** Real time between the two dates, at least and at most: each date was made between its request and its response. */
  leastMs: number;
  mostMs: number;
  /** By the two dates. */
  saidMs: number;
}

/** Every command gets one answer, by number; a fault is answered with an error of one sentence. */
export interface LabCommands {
  /** Proves that this Node sees resets (after data, idle, with the loop busy, paused until resumed), that its TLS and HTTP/2 clients see
   *  truncations, including a missing close_notify, and that its clock is right. */
  "self-test": { order: Record<never, never>; answer: { node: string; faults: string[] } };
  /** Opens a tap that passes bytes on to `target`; `origin` is the lab's own. Returns its port. */
  "open-tap": { order: { id: string; target: Address | "origin"; listen: Address }; answer: { port: number } };
  /** Resolves these names to an address, over UDP, until the lab ends; `others`: names with another address. */
  "open-names": {
    order: { listen: Address; names: string[]; address: string; others?: Record<string, string> };
    answer: Record<never, never>;
  };
  /** Passes on as plain HTTP/1.1 what it gets. Returns its port, 0 for a socket. */
  "open-relay": { order: RelayOrder; answer: { port: number } };
  "close-relay": { order: { id: string }; answer: Record<never, never> };
  "close-tap": { order: { id: string }; answer: Record<never, never> };
  /** Runs one case and returns the recording, when every client has ended and the connections are quiet or the patience is over. */
  "run-case": { order: CaseOrder; answer: CaseRecording };
  /** Waits until something accepts connections there. */
  "await-port": { order: { address: Address; withinMs: number }; answer: { afterMs: number } };
  /** The dates of two responses of a server, `apartMs` apart, from the first port whose responses have a Date field. */
  dates: { order: { host: string; ports: readonly number[]; apartMs: number }; answer: Dates | null };
  /** Starts the control of a client's protocol, default h1: 64 bytes every 10 ms through a straight pipe at `target` to the lab's sink, or from
   *  its own server, until it is stopped or the lab ends. */
  "start-control": { order: { target: Address; protocol?: ClientProtocol }; answer: Record<never, never> };
  /** Where the program that speaks HTTP/3 takes orders: before any client or control uses it. */
  "use-http3": { order: { program: Address }; answer: Record<never, never> };
  "stop-control": { order: { protocol: ClientProtocol }; answer: Record<never, never> };
  /** The target of the straight pipe of the control. */
  "open-control-sink": { order: { listen: Address }; answer: { port: number } };
  /** The control in a window, pooled with earlier samples until there are `least`, by default 200. `toAt` null: until now, as soon as there
   *  are 200. */
  control: { order: { fromAt: number; toAt: number | null; protocol?: ClientProtocol; least?: number }; answer: ControlWindow };
  /** CLOCK_MONOTONIC in the lab, in milliseconds. */
  now: { order: Record<never, never>; answer: { at: number } };
  /** GETs a small resource as text, e.g. the recordings of the probes. */
  fetch: { order: { address: Address; path: string; withinMs: number }; answer: { status: number; text: string } };
}

export type LabCommand = keyof LabCommands;

/** The lab, for the run. */
export interface Lab extends AsyncDisposable {
  ask<C extends LabCommand>(command: C, order: LabCommands[C]["order"]): Promise<LabCommands[C]["answer"]>;
  /** The host name or address of the lab for the hops. */
  readonly host: string;
  /** Resolves with a sentence if the lab ends unexpectedly. */
  readonly died: Promise<string>;
}

/** The defaults of clients. */
export const userAgent = "hopwise";
export const anyAccept = "*/*";

export type Handlers = {
  [C in LabCommand]: (order: LabCommands[C]["order"]) => LabCommands[C]["answer"] | Promise<LabCommands[C]["answer"]>;
};
