// The simple case that parts run: one client, records of one size, chunked.
import type { BodyPlan } from "../harness/model/body.ts";
import { firstAttempt } from "../harness/model/case-identity.ts";
import type { Case, Step } from "../harness/model/script.ts";
import { usualHost } from "../harness/model/usual-host.ts";

interface Shape {
  title: string;
  format: BodyPlan["format"];
  records: number;
  recordBytes: number;
  steps: Step[];
}

export const caseOf = ({ title, format, records, recordBytes, steps }: Shape): Case & { clients: [Case["clients"][number]] } => ({
  ...firstAttempt("paced"),
  id: "bench",
  point: {},
  title,
  script: {
    status: 200,
    headers: [],
    contentType: null,
    framing: "chunked",
    version: "1.1",
    body: { format, filler: "incompressible", recordBytes: Array.from({ length: records }, () => recordBytes) },
    trailers: [],
    steps,
  },
  clients: [
    {
      start: { afterMs: 0 },
      target: "/stream",
      host: usualHost,
      protocol: "h1",
      version: "1.1",
      method: "GET",
      acceptEncoding: null,
      headers: [],
      readBytesPerSecond: null,
      leave: null,
      patienceMs: 5000,
    },
  ],
});
