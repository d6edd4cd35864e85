// Client leaving: the client leaves while the stream flows, and while it is silent. Pure.
import { repeat, usualBytes } from "../model/case-builder.ts";
import type { Build } from "../model/case-builder.ts";
import type { Milliseconds } from "../model/figures.ts";
import type { CasePoint } from "../model/point.ts";
import { isMultiplexed, multiplexedName } from "../model/script.ts";
import type { Case, ClientPlan, Step } from "../model/script.ts";
import type { Setting, TrialDefinition } from "../model/trial.ts";
import type { Pace } from "../model/pace.ts";

/** The client leaves in mid-stream, by FIN and by RST, with the stream flowing and silent. Over HTTP/2 it cancels one of two streams of its
 *  connection, and closes its connection. */
export interface ClientLeaving {
  kind: "client-leaving";
  noticeMs?: Milliseconds;
}

const megabyte = 1024 * 1024;

const casesOf = (trial: ClientLeaving, { point, pace, build }: Setting): Case[] =>
  departuresOf(point.request).flatMap((departure) => [
    leaving(departure, "flowing", trial.noticeMs ?? 1500, build, pace),
    leaving(departure, "silent", trial.noticeMs ?? 1500, build, pace),
  ]);

/** One way to leave. `others`: further clients on the connection of the one that leaves. */
interface Departure {
  id: string;
  how: NonNullable<ClientPlan["leave"]>["how"];
  title: string;
  others: Partial<ClientPlan>[];
}

/** Over HTTP/1 a client closes its connection. Over HTTP/2 a browser cancels one stream, and keeps the connection for the others. */
const departuresOf = ({ clients = "h1", path }: CasePoint["request"]): Departure[] =>
  isMultiplexed(clients)
    ? [
        {
          id: "cancel",
          how: "cancel",
          title: `cancels one of two streams of its ${multiplexedName(clients)} connection`,
          others: [{ onConnectionOf: 0, target: otherTarget(path ?? "/stream") }],
        },
        { id: "close", how: "fin", title: `closes its ${multiplexedName(clients)} connection`, others: [] },
      ]
    : [
        { id: "fin", how: "fin", title: "leaves by FIN", others: [] },
        { id: "reset", how: "reset", title: "leaves by RST", others: [] },
      ];

/** Another URL, so that a hop does not collapse the two requests. */
const otherTarget = (path: string): string => `${path}${path.includes("?") ? "&" : "?"}stream=other`;

const leaving = ({ id, how, title, others }: Departure, when: "flowing" | "silent", noticeMs: number, build: Build, pace: Pace): Case => {
  const small = Math.ceil(noticeMs / pace.gapMs);
  const large = 4;
  const flowing: Step[] = [{ do: "write-until-gone", records: 3 + small, everyMs: pace.gapMs, atMostMs: (4 + small) * pace.gapMs }];
  const silent: Step[] = [
    { do: "write", records: 3, everyMs: 20 },
    { do: "await-gone", atMostMs: noticeMs },
    { do: "write-until-gone", records: small, everyMs: pace.gapMs, atMostMs: small * pace.gapMs },
  ];
  return build("leave", `the client ${title} with the stream ${when}`, {
    variant: `${id}-${when}`,
    recordBytes: [...repeat(usualBytes, 3 + small), ...repeat(megabyte, large)],
    steps: [
      { do: "headers" },
      ...(when === "flowing" ? flowing : silent),
      // More than the buffers of a hop that has stopped reading: an upstream that is still open then is not merely late.
      { do: "write-until-gone", records: large, everyMs: 0, atMostMs: noticeMs },
      { do: "await-gone", atMostMs: 300 },
      { do: "end" },
    ],
    clients: [{ leave: { how, records: 3, afterMs: when === "silent" ? 50 : 0 } }, ...others],
  });
};

export const clientLeaving: TrialDefinition<ClientLeaving> = {
  tests: ["disconnect"],
  takesMs: { usually: 5000 },
  cases: casesOf,
  withoutScript: "leave",
};
