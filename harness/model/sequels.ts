// The arms of a trial that follow from what its first ones showed. Pure.
import type { Trial } from "../define.ts";
import { builder, repeat, usualBytes } from "./arm-builder.ts";
import type { Build, Circumstances, Settings } from "./arm-builder.ts";
import { isUnclassified } from "./judge/limits.ts";
import type { Arm } from "./script.ts";
import { againOf, atPoint, isAgain, pointsOf, roleOf } from "./sweep.ts";
import type { ArmTrace } from "./trace.ts";
import type { Facet } from "./verdict.ts";

/** The arms that follow from what has been seen: heartbeats where nothing said yet why silence was cut, both once more where they do not
 *  explain each other (a machine may stand still for a part of what they are compared by), and the same once more where each record was a
 *  little late. Last: ε as it has become, and what was found. */
export const nextArms = (
  trial: Trial,
  circumstances: Circumstances,
  seen: readonly ArmTrace[],
  { epsilonMs, facets }: { epsilonMs: number; facets: readonly Facet[] },
): Arm[] => {
  if (seen.some(({ arm }) => isAgain(arm.id))) return [];
  if (["lock-step", "size-sweep", "paced", "header-hold"].includes(trial.kind)) return onceMore(circumstances, epsilonMs, seen);
  if (trial.kind !== "silence") return [];
  const isOpen = (arm: Arm): boolean => facets.some((facet) => facet.arm === arm.id && isUnclassified(facet));
  if (seen.some(({ arm }) => roleOf(arm.id) === "heartbeats")) return bothOnceMore(seen, isOpen);
  return pointsOf(circumstances.request, circumstances.response, trial).flatMap((point) => {
    const place = JSON.stringify(point.at);
    const silence = seen.find(({ arm }) => roleOf(arm.id) === "silence" && JSON.stringify(arm.point) === place);
    const cutMs = silence && isOpen(silence.arm) ? cutAfter(silence) : null;
    return cutMs === null ? [] : [atPoint(heartbeats(cutMs, builder(point, circumstances)), point)];
  });
};

/** A hold of so many ε is no machine's doing: a shorter one has to be seen twice. */
export const plainTimers = 20;

/** ε of the judgement is known when all is over, and goes on growing until then. */
const growth = 1.5;

const onceMore = ({ epsilonMs: planned }: Settings, epsilonMs: number, seen: readonly ArmTrace[]): Arm[] =>
  seen.flatMap(({ arm, ...played }) => {
    const lateMs = Math.max(recordsLateMs(played), headersLateMs(played));
    const isShort = lateMs < growth * plainTimers * Math.max(planned, epsilonMs);
    return lateMs > Math.min(planned, epsilonMs) && isShort ? [again(arm)] : [];
  });

const again = (arm: Arm): Arm => ({ ...arm, id: againOf(arm.id), title: `${arm.title}, once more` });

/** From the origin's writing to the client's having each record, in the middle; 0 where the client did not keep up. */
const recordsLateMs = ({ origin: [origin], clients: [client] }: Pick<ArmTrace, "origin" | "clients">): number => {
  if (!origin || !client || origin.unacknowledged !== null) return 0;
  const lags = origin.writes.flatMap(({ at, records }) => {
    const came = client.recordsAt[records - 1];
    return came === undefined ? [] : [came - at];
  });
  return lags.toSorted((a, b) => a - b)[lags.length >> 1] ?? 0;
};

/** The same of the header section, where it was on its own. */
const headersLateMs = ({ origin: [origin], exchanges }: Pick<ArmTrace, "origin" | "exchanges">): number => {
  const at = origin?.headersAt ?? null;
  const first = origin?.writes[0]?.at ?? null;
  const came = exchanges.filter(({ client }) => client === 0).toSorted((a, b) => b.link - a.link)[0]?.response?.at;
  return at === null || first === null || first - at < aloneMs || came === undefined ? 0 : came - at;
};

/** Longer than an origin takes from its header section to its first record unless it was told to wait. */
export const aloneMs = 200;

/** So many in the time that silence survived: a few that a machine lets come together are no silence yet. */
const beatsPerSilence = 6;

const heartbeats = (cutMs: number, build: Build): Arm => {
  const everyMs = Math.max(20, Math.round(cutMs / beatsPerSilence));
  const beats = 3 * beatsPerSilence + 1;
  return build("heartbeats", `a record every ${everyMs} ms for ${everyMs * (beats - 1)} ms, three times what silence survived`, {
    recordBytes: repeat(usualBytes, beats),
    steps: [{ do: "headers" }, { do: "write", records: beats, everyMs }, { do: "end" }],
  });
};

const bothOnceMore = (seen: readonly ArmTrace[], isOpen: (arm: Arm) => boolean): Arm[] =>
  seen.flatMap(({ arm: silence }) => {
    const beats = seen.find(({ arm }) => arm.id === silence.id.replace("silence", "heartbeats"))?.arm;
    return roleOf(silence.id) === "silence" && beats && (isOpen(silence) || isOpen(beats)) ? [again(silence), again(beats)] : [];
  });

/** How long the silence lasted that was cut, at the hop nearest the origin that was cut; null if it survived. */
const cutAfter = (silence: ArmTrace): number | null => {
  const origin = silence.origin[0];
  const wrote = origin?.writes[0]?.at;
  if (!origin || wrote === undefined) return null;
  const client = silence.clients[0]?.ended;
  const gone = origin.gone?.at ?? (client && client.how !== "complete" && client.how !== "gave-up" ? client.at : null);
  return gone === null || origin.endedAt !== null ? null : gone - wrote;
};
