// Disconnect: does each hop drop its upstream when the client left (verdicts.md, "disconnect").
import type { ArmTrace, Exchange } from "../trace.ts";
import type { Disconnect, HopFinding } from "../verdict.ts";
import type { Tolerance } from "./tolerance.ts";
import { leastEpsilonMs } from "./tolerance.ts";
import type { HopView } from "./view.ts";
import { ms } from "./view.ts";

/** When the neighbour nearer the client closed this connection. */
const leftAt = (exchange: Exchange | null): number | null => exchange?.closings.find(({ by }) => by === "downstream")?.at ?? null;

export type DisconnectFinding = HopFinding<Disconnect> | { hop: string; undecided: string; withinMs: number };

export const judgeDisconnect = (view: HopView, arm: ArmTrace, tolerance: Tolerance): DisconnectFinding | null => {
  const { hop, input, output } = view;
  const gone = leftAt(output);
  if (gone === null) return { hop, masked: true, why: "its downstream was never closed" };
  if (!input) return { hop, masked: true, why: "it had no upstream request" };
  // Complete before the client left: there was nothing left to drop.
  const reachedItsEnd = input.end.kind === "last-chunk" || input.end.kind === "length" || input.end.kind === "fin-delimited";
  if (input.end.kind !== "open" && input.end.at <= gone && (reachedItsEnd || leftAt(input) === null))
    return { hop, masked: true, why: "its upstream had ended before" };

  const dropped = leftAt(input);
  const since = input.progress.filter(([at]) => at > gone && (dropped === null || at <= dropped));
  const firstTotal = input.progress.findLast(([at]) => at <= gone)?.[1] ?? 0;
  const bytesSince = Math.max(0, (since.at(-1)?.[1] ?? firstTotal) - firstTotal);
  if (dropped === null || (reachedItsEnd && input.end.at <= dropped))
    return {
      hop,
      masked: false,
      finding: {
        member: "lost",
        atLeastMs: Math.min(input.end.kind === "open" ? arm.endedAt : input.end.at, arm.endedAt) - gone,
        bytesSince,
        cause: reachedItsEnd ? "fill" : "kept",
      },
    };
  const afterMs = Math.max(0, dropped - gone);
  const found = (finding: Disconnect): HopFinding<Disconnect> => ({ hop, masked: false, finding });
  const lastWriteAt = since.at(-1)?.[0] ?? null;
  const epsilonMs = tolerance.of(hop, gone, dropped);
  // The first write to who has left is answered by a reset, and the second one fails: whoever took more of them went by something else.
  const isByWrite =
    lastWriteAt !== null && since.length <= 2 && dropped - lastWriteAt <= soonOf(afterMs, tolerance.of(hop, lastWriteAt, dropped));
  // What had to wait for a processor drops its upstream behind a write, too, that came meanwhile.
  const mostMs = Math.max(
    tolerance.worstMs,
    epsilonMs > bluntFactor * leastEpsilonMs ? Math.min(2 * epsilonMs, lateFactor * tolerance.baseMs) : 0,
  );
  const isBlunt = afterMs > epsilonMs && afterMs <= mostMs;
  if (isByWrite && isBlunt)
    return {
      hop,
      withinMs: afterMs,
      undecided: `it dropped its upstream ${ms(afterMs)} after its client had left, and the machine may have made it as late`,
    };
  if (!isByWrite && afterMs > lateFactor * tolerance.baseMs + epsilonMs) return found({ member: "late", afterMs });
  return found(
    lastWriteAt === null || afterMs <= epsilonMs
      ? { member: "at-once", afterMs }
      : { member: "on-next-write", afterMs, writes: since.length },
  );
};

/** What comes so soon behind a write, after nothing had happened for many times as long, came of the write. */
const soonOf = (afterMs: number, epsilonMs: number): number => Math.max(epsilonMs, Math.min(100, 0.05 * afterMs));

/** ε is so many times what it is on a calm machine: the machine's waits are what counts. */
const bluntFactor = 4;

/** So many ε are no longer what a busy machine makes of "at once". */
const lateFactor = 20;

/** Only an arm in which a client left as planned, while the origin still had something to say, tests this. */
export const testsDisconnect = (arm: ArmTrace): boolean => arm.arm.clients[0]?.leave !== null && arm.clients[0]?.ended?.how === "left";
