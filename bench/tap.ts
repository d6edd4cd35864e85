// The delay of a tap: the lab's own origin, taps and clients in one process, as in the lab.
//
//   origin ──────────────────► client      each record goes one of the three ways, in turn;
//   origin ──► tap ──────────► client      its transit lasts from the origin's stamp to the client's
//   origin ──► tap ──► tap ──► client
import { setPriority } from "node:os";
import { setTimeout as delay } from "node:timers/promises";
import { Client } from "../harness/lab/client.ts";
import { openOrigin } from "../harness/lab/origin.ts";
import type { OriginCase } from "../harness/lab/origin-case.ts";
import { OriginExchange } from "../harness/lab/origin-exchange.ts";
import type { Address } from "../harness/lab/protocol.ts";
import { openTap } from "../harness/lab/tap.ts";
import type { Tap } from "../harness/lab/tap.ts";
import { Tally } from "../harness/lab/wait.ts";
import { defaultKeepBytes } from "../harness/lab/wire.ts";
import { caseOf } from "./_case.ts";
import { waitedForProcessorMs } from "./_cpu.ts";
import { rankOf } from "./_figure.ts";
import type { Figure, Progress } from "./_figure.ts";

const warmUpRounds = 200;
const rounds = 2500;
const everyMs = 2;
const host = "127.0.0.1";

/** The origin waits; this file sends the records. */
const { script, clients } = caseOf({
  title: "records from outside",
  format: "text",
  records: warmUpRounds + rounds,
  recordBytes: 64,
  steps: [{ do: "headers" }, { do: "pause", ms: 600_000 }],
});

interface Way {
  exchange: OriginExchange;
  client: Client;
}

export const measure = async (progress: Progress): Promise<Figure[]> => {
  goFirst();
  const cases = new Map<string, OriginCase>();
  const origin = await openOrigin({ caseOf: (token) => cases.get(token), tapAt: () => undefined });
  const taps: Tap[] = [];
  const open = async (name: string, tapCount: number): Promise<Way> => {
    let target: Address = { host, port: origin.port };
    for (let number = 0; number < tapCount; number++) {
      const tap = await openTap({ target, listen: { host, port: 0 }, isActive: () => true });
      taps.push(tap);
      target = { host, port: tap.port };
    }
    const asked = Promise.withResolvers<OriginExchange>();
    cases.set(name, {
      script,
      subrequests: [],
      held: () => new Tally(),
      began: (exchange) => {
        if (exchange instanceof OriginExchange) asked.resolve(exchange);
      },
      misread: ({ problem }) => asked.reject(new Error(problem ?? "")),
    });
    const client = new Client({ plan: clients[0], client: 0, token: name, script, target, keepBytes: defaultKeepBytes });
    return { exchange: await asked.promise, client };
  };
  const ways = [await open("direct", 0), await open("onetap", 1), await open("twotaps", 2)];

  const waitedBeforeMs = await waitedForProcessorMs(process.pid);
  for (let round = 0; round < warmUpRounds + rounds; round++) {
    if (round % 500 === 0) progress(`record ${round} of ${warmUpRounds + rounds}`);
    for (let turn = 0; turn < ways.length; turn++) {
      ways[(round + turn) % ways.length]?.exchange.sendRecord();
      await delay(everyMs);
    }
  }
  await delay(50);
  const waitedMs = (await waitedForProcessorMs(process.pid)) - waitedBeforeMs;
  const transits = await Promise.all(ways.map(transitsOf));
  for (const { exchange } of ways) exchange.stop("The bench is over");
  for (const { client } of ways) client.destroy();
  await Promise.all(taps.map((tap) => tap.close()));
  await origin.close();
  return [...figuresOf(transits), { name: "meanwhile the process waited for a processor", value: waitedMs, unit: "ms" }];
};

/** As the lab does. */
const goFirst = (): void => {
  try {
    setPriority(-15);
  } catch {}
};

const transitsOf = async ({ exchange, client }: Way): Promise<number[]> => {
  const { recordsAt } = await client.recording();
  const { writes } = exchange.recording;
  if (recordsAt.length !== writes.length) throw new Error(`Of ${writes.length} records only ${recordsAt.length} arrived`);
  return recordsAt.map((at, index) => at - (writes[index]?.at ?? Number.NaN)).slice(warmUpRounds);
};

const figuresOf = ([direct = [], one = [], two = []]: readonly number[][]): Figure[] =>
  ([50, 99] as const).flatMap((percent): Figure[] => {
    const [none, first, both] = [direct, one, two].map((transits) => rankOf(transits, percent / 100)) as [number, number, number];
    const name = `one tap adds, p${percent}`;
    return [
      { name: `transit without a tap, p${percent}`, value: none, unit: "ms" },
      { name, value: first - none, unit: "ms", aim: percent === 50 ? 0.2 : 0.5 },
      { name: `two taps add, p${percent}`, value: both - none, unit: "ms", ratioTo: { name, ratio: (both - none) / (first - none) } },
    ];
  });
