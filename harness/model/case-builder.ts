// Builds a case from its trial and the settings of its author. Pure.
import type { RequestPlan, ResponsePlan } from "../define/request.ts";
import type { BodyFormat } from "./body.ts";
import { caseId, firstAttempt } from "./case-identity.ts";
import type { CaseRole } from "./case-identity.ts";
import type { Case, ClientPlan, Script, Step } from "./script.ts";
import type { CasePoint } from "./point.ts";
import { usualHost } from "./usual-host.ts";

export interface Circumstances {
  request: RequestPlan;
  response: ResponsePlan;
  /** ε of the control now: patience and gaps grow with it. */
  epsilonMs: number;
  /** The longest timeout that a hop of the chain declares; null if none does. */
  limitMs: number | null;
  /** The silence that the stream must survive, if the scenario requires one. */
  surviveMs?: number;
  /** How many times faster the clocks of the servers run, default 1. The times above are by their clock, the waits of the cases by the lab's. */
  timeScale?: number;
}

/** All but the axes, which are in the point. */
export type Settings = Omit<Circumstances, "request" | "response">;

/** The default size of a record. */
export const usualBytes = 100;

interface Shape {
  /** Default: the only case of its role. */
  variant?: string;
  recordBytes: number[];
  steps: Step[];
  patienceMs?: number;
  clients?: Partial<ClientPlan>[];
  status?: number;
  headers?: Script["headers"];
  method?: string;
  actions?: Case["actions"];
  samples?: Case["samples"];
  keepBytes?: number;
  fitsMachine?: boolean;
}

export type Build = (role: CaseRole, title: string, shape: Shape) => Case;

export const builder =
  ({ request, response }: CasePoint, { epsilonMs }: Settings): Build =>
  (role, title, shape) => {
    const format: BodyFormat = response.format ?? "sse";
    const patienceMs = shape.patienceMs ?? Math.max(2000, 20 * epsilonMs);
    const client = (plan: Partial<ClientPlan>): ClientPlan => ({
      start: { afterMs: 0 },
      target: request.path ?? "/stream",
      ...(request.isNamedInTarget === false ? { isNamedInTarget: false } : {}),
      host: request.host ?? usualHost,
      protocol: request.clients ?? "h1",
      version: request.version ?? "1.1",
      method: shape.method ?? request.method ?? "GET",
      acceptEncoding: request.acceptEncoding ?? null,
      headers: request.headers ?? [],
      ...(request.content !== undefined && shape.method === undefined ? { content: request.content } : {}),
      ...(request.upload ? { upload: request.upload } : {}),
      readBytesPerSecond: null,
      leave: null,
      patienceMs,
      ...plan,
    });
    const framing = response.framing ?? "chunked";
    const identity = firstAttempt(role, shape.variant);
    return {
      ...identity,
      id: caseId(identity),
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
        // An announced length must be met, so no step may be skipped.
        steps: framing === "content-length" ? shape.steps.map(unconditional) : shape.steps,
      },
      clients: (shape.clients ?? [{}]).map(client),
      ...(shape.actions ? { actions: shape.actions } : {}),
      ...(shape.samples ? { samples: shape.samples } : {}),
      ...(shape.fitsMachine ? { fitsMachine: true as const } : {}),
      ...(shape.keepBytes === undefined ? {} : { keepBytes: shape.keepBytes }),
    };
  };

/** The same step, run whether or not the lock-step was confirmed. */
export const unconditional = (step: Step): Step =>
  step.do === "write"
    ? { do: "write", records: step.records, everyMs: step.everyMs }
    : step.do === "pause"
      ? { do: "pause", ms: step.ms }
      : step;

export const repeat = (bytes: number, times: number): number[] => Array.from({ length: times }, () => bytes);
