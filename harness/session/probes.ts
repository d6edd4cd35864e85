// Fetches the recordings of the probes between middlewares after a case.
import type { Lab } from "../lab/protocol.ts";
import type { ProbeRecording } from "../model/recording.ts";
import type { RunningServer } from "../runtime/runtime.ts";

/** A probe's wire as JSON: numbers as arrays, bytes in base64. */
type ProbeAnswer = Omit<ProbeRecording, "content"> & { content: { at: number[]; ends: number[]; bytes: string; droppedBytes: number } };

export const readProbes = async (lab: Lab, servers: readonly RunningServer[], token: string): Promise<ProbeRecording[]> => {
  const recordings: ProbeRecording[] = [];
  for (const { probes, hop } of servers) {
    if (!probes) continue;
    const { status, text } = await lab.ask("fetch", { address: probes, path: `/?request=${token}`, withinMs: 5000 });
    if (status !== 200) throw new Error(`The probes of "${hop}" answered ${status}: ${text.slice(0, 200)}`);
    for (const { content, ...rest } of JSON.parse(text) as ProbeAnswer[])
      recordings.push({
        ...rest,
        content: {
          at: Float64Array.from(content.at),
          ends: Float64Array.from(content.ends),
          bytes: Buffer.from(content.bytes, "base64"),
          droppedBytes: content.droppedBytes,
        },
      });
  }
  return recordings;
};
