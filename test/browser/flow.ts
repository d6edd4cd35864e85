// Events at a steady pace, which know where they were left: each request goes on after its Last-Event-ID, and one after the last event is
// answered with 204, which ends an EventSource (WHATWG HTML §9.2.3).
import type { IncomingMessage, ServerResponse } from "node:http";

interface FlowRequest {
  /** Its Last-Event-ID; 0: it has none. */
  last: number;
  /** The number of the last event that it was answered with. */
  written: number;
  at: number;
  /** When its response had ended, or its connection. */
  endedAt: number | null;
}

export interface Flow {
  /** Those that were answered with events. */
  requests: FlowRequest[];
  /** Settles when that event has been written for the first time. */
  reached: (event: number) => Promise<void>;
}

interface Flows {
  of: (id: string) => Flow;
  answer: (request: { headers: IncomingMessage["headers"] }, response: ServerResponse, query: URLSearchParams) => void;
}

/** Of an application that keeps its events: long enough for whatever closes connections a second after a reload. */
export const flowEvents = 30;
const everyMs = 100;
/** The browser's own is 3 s in Chromium. */
export const retryMs = 1500;

export const createFlows = (): Flows => {
  const flows = new Map<string, Flow & { written: (event: number) => void }>();
  const of = (id: string) => {
    const known = flows.get(id) ?? createFlow();
    flows.set(id, known);
    return known;
  };
  return {
    of,
    answer: ({ headers }, response, query) => {
      const flow = of(query.get("id") ?? "");
      const last = Number(headers["last-event-id"] ?? 0);
      if (last >= flowEvents) return void response.writeHead(204).end();
      const cutAfter = flow.requests.length === 0 ? Number(query.get("cut-after") ?? Infinity) : Infinity;
      const request: FlowRequest = { last, written: last, at: performance.now(), endedAt: null };
      flow.requests.push(request);
      response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
      response.write(`retry: ${retryMs}\n\n`);
      const timer = setInterval(() => {
        const event = (request.written += 1);
        response.write(`id: ${event}\ndata: ${event}\n\n`);
        flow.written(event);
        if (event === flowEvents) response.end();
        if (event === cutAfter) setTimeout(() => resetInAnEvent(response), everyMs / 2);
      }, everyMs);
      response.once("close", () => {
        clearInterval(timer);
        request.endedAt = performance.now();
      });
    },
  };
};

/** Half a pace after the last whole event: a reset may overtake what was written right before it, so that this event would be asked for again. */
const resetInAnEvent = (response: ServerResponse): void =>
  void response.write("id: 99\ndata: unfin", () => response.socket?.resetAndDestroy());

const createFlow = (): Flow & { written: (event: number) => void } => {
  const reached = new Map<number, PromiseWithResolvers<void>>();
  const at = (event: number): PromiseWithResolvers<void> => {
    const known = reached.get(event) ?? Promise.withResolvers<void>();
    reached.set(event, known);
    return known;
  };
  return { requests: [], reached: (event) => at(event).promise, written: (event) => at(event).resolve() };
};
