// The samples of a case as figures: of each hop the peak, and what it was before. Pure.
import { totalsOf } from "../model/samples.ts";
import type { CaseTrace } from "../model/trace.ts";
import type { CaseReport, SampledReport } from "./report.ts";
import { plain } from "./text.ts";

export const sampledIn = ({ samples = [] }: CaseTrace): SampledReport[] =>
  samples.map(({ hop, memory, processorMs, descriptors, sockets, problems }) => ({
    hop,
    ...(memory ? { ...totalsOf(memory), processes: memory.length } : {}),
    ...(processorMs ? { processorMs: Math.max(0, (processorMs.at(-1) ?? 0) - (processorMs[0] ?? 0)) } : {}),
    ...(descriptors ? { mostDescriptors: Math.max(0, ...descriptors) } : {}),
    ...(sockets ? { mostSockets: Math.max(0, ...sockets) } : {}),
    ...(problems.length > 0 ? { notChecked: problems } : {}),
  }));

/** `memory above idle: small-body nginx 0.1 MiB · memory-fast-50000000 nginx 0.3 MiB`. */
export const sampledWords = ({ cases }: { cases: CaseReport[] }): string[] => {
  const grown = cases.flatMap(({ id, sampled = [] }) => {
    const hops = sampled.flatMap(({ hop, idleKb, peakKb }) =>
      idleKb === undefined || peakKb === undefined ? [] : [`${plain(hop)} ${((peakKb - idleKb) / 1024).toFixed(1)} MiB`],
    );
    return hops.length > 0 ? [`${plain(id)}: ${hops.join(", ")}`] : [];
  });
  return grown.length > 0 ? [`memory at its peak, above what each case began with: ${grown.join(" · ")}`] : [];
};
