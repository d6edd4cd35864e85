// How a real application asks for its records: here one of a few lines, on the place of the first hop.
import { createServer } from "node:http";
import type { ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, test } from "vitest";
import { bodyOf } from "../../../harness/model/body.ts";
import { caseOf, openBench, soonMs } from "./_lab.ts";
import type { CaseShape, Hop } from "./_lab.ts";

type Ask = (question: string, signal?: AbortSignal) => Promise<Response>;
type View = (ask: Ask, response: ServerResponse) => Promise<unknown>;

const applicationOf =
  (view: View): Hop =>
  async ({ host, port }) => {
    let streams = 0;
    const server = createServer((request, response) => {
      const mark = `request=${String(request.headers["hopwise-request"])}&stream=${streams++}`;
      const ask: Ask = (question, signal) =>
        fetch(`http://${host}:${port}/hopwise/${question}${question.includes("?") ? "&" : "?"}${mark}`, signal ? { signal } : {});
      void view(ask, response).catch(() => response.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    server.unref();
    return { host: "127.0.0.1", port: (server.address() as AddressInfo).port };
  };

const streaming: View = async (ask, response) => {
  for (;;) {
    const answer = await ask("next");
    if (answer.status === 204) return response.end();
    if (!answer.ok) throw new Error(await answer.text());
    response.write(Buffer.from(await answer.arrayBuffer()));
  }
};

const run = async (view: View, shape: CaseShape) => {
  await using bench = await openBench([applicationOf(view)]);
  const recording = await bench.run(shape);
  const [origin, ...more] = recording.origin;
  expect(more).toEqual([]);
  if (!origin) throw new Error("The application did not ask");
  return { origin, client: recording.clients[0], connections: recording.connections };
};

const lockStep: CaseShape = {
  recordBytes: [40, 40, 40],
  steps: [{ do: "lock-step", records: 3, patienceMs: soonMs }, { do: "end" }],
};

test("in lock-step it is given a record once its client has confirmed the one before", async () => {
  const { origin, client } = await run(streaming, lockStep);
  expect(origin).toMatchObject({ unacknowledged: null, problem: null, gone: null, noticed: [], bytesWritten: 120 });
  expect(origin.writes.map(({ records }) => records)).toEqual([1, 2, 3]);
  const held = client?.recordsAt ?? [];
  expect(held.length).toBe(3);
  expect(origin.writes.slice(1).every(({ at }, index) => at >= (held[index] ?? Infinity))).toBe(true);
  expect(origin.endedAt).toBeGreaterThanOrEqual(held[2] ?? Infinity);
});

test("the bytes that its client gets are the body of its nonce, with what closes it", async () => {
  const shape = { ...lockStep, format: "json-array" as const, recordBytes: [60, 60, 60] };
  const { origin, client } = await run(streaming, shape);
  const text = Buffer.from(client?.response.bytes ?? []).toString();
  for (const record of JSON.parse(bodyOf(origin.nonce, caseOf(shape).script.body, 3, true).toString()) as { id: string }[])
    expect(text).toContain(record.id);
  expect(text).toMatch(/\]\r\n0\r\n\r\n$/);
});

test("what an application holds is not confirmed, and then given at once", async () => {
  const { origin } = await run(async (ask, response) => {
    const parts: Buffer[] = [];
    for (let answer = await ask("next"); answer.ok && answer.status !== 204; answer = await ask("next"))
      parts.push(Buffer.from(await answer.arrayBuffer()));
    response.end(Buffer.concat(parts));
  }, lockStep);
  expect(origin.unacknowledged).toMatchObject({ record: 0 });
  expect(origin.writes.at(-1)?.records).toBe(3);
  expect(origin.endedAt).not.toBeNull();
});

test("it is told to fail where the trial aborts", async () => {
  const statuses: number[] = [];
  const { origin, client } = await run(
    async (ask, response) => {
      await streaming(async (question) => {
        const answer = await ask(question);
        statuses.push(answer.status);
        return answer;
      }, response);
    },
    {
      recordBytes: [40, 40],
      steps: [
        { do: "write", records: 1, everyMs: 0 },
        { do: "abort", how: "close" },
      ],
    },
  );
  expect(statuses).toEqual([200, 500]);
  expect(origin).toMatchObject({ aborted: { how: "close" }, endedAt: null });
  expect(client?.ended?.how).toMatch(/fin|reset/);
});

test("what it says that it noticed is kept, and ends what waits for it", async () => {
  const { origin } = await run(
    async (ask, response) => {
      response.on("close", () => void ask("noticed?what=the%20close%20event"));
      await streaming(ask, response);
    },
    {
      recordBytes: [40, 40],
      steps: [{ do: "write", records: 1, everyMs: 0 }, { do: "await-gone", atMostMs: 20 * soonMs }, { do: "end" }],
      clients: [{ leave: { how: "fin", records: 1, afterMs: 0 } }],
    },
  );
  expect(origin.noticed).toMatchObject([{ what: "the close event" }]);
  expect(origin.gone).toMatchObject({ how: "fin", at: origin.noticed?.[0]?.at });
});

test("a request for a record that is given up says so, and takes none with it", async () => {
  const { origin } = await run(
    async (ask, response) => {
      const first = await ask("next");
      response.write(Buffer.from(await first.arrayBuffer()));
      await ask("next", AbortSignal.timeout(soonMs / 4));
    },
    {
      recordBytes: [40, 40],
      steps: [{ do: "write", records: 1, everyMs: 0 }, { do: "pause", ms: soonMs }, { do: "write", records: 1, everyMs: 0 }, { do: "end" }],
    },
  );
  expect(origin.writes.length).toBe(1);
  expect(origin.noticed).toMatchObject([{ what: "closed its request for the next record" }]);
  expect(origin.endedAt).toBeNull();
});

test("it is told of what it cannot ask, and of a trial that is over", async () => {
  const statuses: number[] = [];
  let late: Ask = () => Promise.reject(new Error("not asked yet"));
  await using bench = await openBench([
    applicationOf(async (ask, response) => {
      late = ask;
      statuses.push((await ask("nxt")).status);
      await streaming(ask, response);
    }),
  ]);
  await bench.run(lockStep);
  statuses.push((await late("next")).status, (await late("noticed?what=x")).status);
  expect(statuses).toEqual([404, 410, 410]);
});
