// How an arm is written down: from what its trial says of it and what its author asked for. Pure.
import type { RequestPlan, ResponsePlan } from "../define.ts";
import type { BodyFormat } from "./body.ts";
import type { Arm, ClientPlan, Script, Step } from "./script.ts";
import type { Point } from "./sweep.ts";

export interface Circumstances {
  request: RequestPlan;
  response: ResponsePlan;
  /** ε of the control now, in milliseconds: patience and gaps grow with it. */
  epsilonMs: number;
  /** The longest limit that a hop of the chain declares, if any does. */
  limitMs: number | null;
  /** The silence that the scenario requires to be survived, if it requires one. */
  surviveMs?: number;
  /** How many times faster the clocks of the servers run, default 1: the times above are theirs, and the waits of the arms are ours. */
  timeScale?: number;
}

/** Everything but the axes: those stand in the point. */
export type Settings = Omit<Circumstances, "request" | "response">;

/** Of a record, where nothing else is asked for. */
export const usualBytes = 100;

interface Shape {
  recordBytes: number[];
  steps: Step[];
  patienceMs?: number;
  clients?: Partial<ClientPlan>[];
  status?: number;
  headers?: Script["headers"];
  method?: string;
}

export type Build = (id: string, title: string, shape: Shape) => Arm;

export const builder =
  ({ request, response }: Point, { epsilonMs }: Settings): Build =>
  (id, title, shape) => {
    const format: BodyFormat = response.format ?? "sse";
    const patienceMs = shape.patienceMs ?? Math.max(2000, 20 * epsilonMs);
    const client = (plan: Partial<ClientPlan>): ClientPlan => ({
      start: { afterMs: 0 },
      target: request.path ?? "/stream",
      host: request.host ?? "hopwise.test",
      tls: request.tls ?? null,
      version: request.version ?? "1.1",
      method: shape.method ?? request.method ?? "GET",
      acceptEncoding: request.acceptEncoding ?? null,
      headers: request.headers ?? [],
      ...(request.upload ? { upload: request.upload } : {}),
      readBytesPerSecond: null,
      leave: null,
      patienceMs,
      ...plan,
    });
    const framing = response.framing ?? "chunked";
    return {
      id,
      point: {},
      title,
      script: {
        status: shape.status ?? response.status ?? 200,
        headers: [...(response.headers ?? []), ...(shape.headers ?? [])],
        contentType: response.contentType ?? null,
        framing,
        version: response.version ?? "1.1",
        body: { format, filler: response.filler ?? "incompressible", recordBytes: shape.recordBytes },
        trailers: [],
        // A length that was announced must be met: then nothing may be left out.
        steps: framing === "content-length" ? shape.steps.map(unconditional) : shape.steps,
      },
      clients: (shape.clients ?? [{}]).map(client),
    };
  };

const unconditional = (step: Step): Step =>
  step.do === "write"
    ? { do: "write", records: step.records, everyMs: step.everyMs }
    : step.do === "pause"
      ? { do: "pause", ms: step.ms }
      : step;

export const repeat = (bytes: number, times: number): number[] => Array.from({ length: times }, () => bytes);
