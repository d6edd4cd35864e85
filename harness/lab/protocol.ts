// What the lab process is told and what it answers. Frames: u32 length of the JSON, u32 length of the blob behind it, JSON, blob;
// typed arrays and bytes travel in the blob, so that a recording of megabytes costs no base64 (see `frames.ts`).
import type { ArmRecording, ControlWindow } from "../model/recording.ts";
import type { Arm } from "../model/script.ts";

export interface Address {
  host: string;
  port: number;
}

export interface ArmOrder {
  arm: Arm;
  /** Eight characters a–z0–9, unlike those of any other arm of the run: names the arm on the wire, in the query and in a header. */
  token: string;
  /** Ids of the taps from the origin to the client; the clients connect to the last. */
  taps: string[];
  /** Further taps beside the first, where a configuration has several upstreams: each reaches the origin. */
  besides?: string[];
  /** Paths that a hop asks for of its own accord beside the client's request (nginx's auth_request, mirror): answered with an empty 200, and no
   *  part of what is judged. */
  asides?: string[];
  /** How long to look on when the last client is gone, where no script of the lab's tells that the origin is done. */
  lingerMs?: number;
}

/** Every command is answered once, by number; a fault is answered as an error with one sentence. */
export interface LabCommands {
  /** Proves that this Node sees resets (behind data, idle, with the loop busy, paused until resumed) and can be trusted with times. */
  "self-test": { order: Record<never, never>; answer: { node: string; faults: string[] } };
  /** Opens a tap that passes bytes on to `target`; `origin` is the lab's own. Answers the port that it listens on. */
  "open-tap": { order: { id: string; target: Address | "origin"; listen: Address }; answer: { port: number } };
  /** Answers for these names with an address, over UDP, until the lab ends; `others`: names with another address. */
  "open-names": {
    order: { listen: Address; names: string[]; address: string; others?: Record<string, string> };
    answer: Record<never, never>;
  };
  "close-tap": { order: { id: string }; answer: Record<never, never> };
  /** Plays one arm and answers what was seen, when every client has ended and the connections are quiet or the patience is over. */
  "run-arm": { order: ArmOrder; answer: ArmRecording };
  /** Waits until something accepts connections there. */
  "await-port": { order: { address: Address; withinMs: number }; answer: { afterMs: number } };
  /** Starts the control: 64 bytes every 10 ms through a straight pipe at `target` back to the lab's own sink, until the lab ends. */
  "start-control": { order: { target: Address }; answer: Record<never, never> };
  /** Where a straight pipe for the control has to forward to. */
  "open-control-sink": { order: { listen: Address }; answer: { port: number } };
  /** The control in a window, pooled with samples before it until there are 200. `toAt` null: up to now, as soon as 200 were taken. */
  control: { order: { fromAt: number; toAt: number | null }; answer: ControlWindow };
  /** CLOCK_MONOTONIC in the lab, in milliseconds. */
  now: { order: Record<never, never>; answer: { at: number } };
  /** GETs a small resource as text, e.g. what a hop's probes saw. */
  fetch: { order: { address: Address; path: string; withinMs: number }; answer: { status: number; text: string } };
}

export type LabCommand = keyof LabCommands;

/** The steering side: what the runner holds. */
export interface Lab extends AsyncDisposable {
  ask<C extends LabCommand>(command: C, order: LabCommands[C]["order"]): Promise<LabCommands[C]["answer"]>;
  /** Where hops find the lab: a host name or address that its taps listen on. */
  readonly host: string;
  /** Resolves with a sentence if the lab ends before it is told to. */
  readonly died: Promise<string>;
}

/** The header and the query parameter that name an arm and its client: `<token>.<client>` and `<token>`. */
export const requestHeader = "hopwise-request";
export const queryParameter = "hopwise";

/** What clients send unless their plan has another. */
export const userAgent = "hopwise";
export const anyAccept = "*/*";
