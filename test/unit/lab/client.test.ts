import { describe, expect, test } from "vitest";
import { Client } from "../../../harness/lab/client.ts";
import { wait } from "../../../harness/lab/wait.ts";
import type { ClientPlan } from "../../../harness/model/script.ts";
import type { Address } from "../../../harness/lab/protocol.ts";
import { caseOf, happens, only, rawServer, repeat, soonMs, textOf, watch } from "./_lab.ts";

const clientOf = (target: Address, plan: Partial<ClientPlan> = {}, recordBytes = repeat(10, 4)): Client => {
  const { script, clients } = caseOf({ steps: [], recordBytes, clients: [plan] });
  return new Client({ plan: only(clients), client: 2, token: "abcdefgh", script, target, keepBytes: 1e7 });
};
const over = async (client: Client) => {
  await wait(null, client.closed.signal);
  return client.recording();
};
const head = "HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\n";

describe("a client", () => {
  test("sends one request, with its mark in the header and the query, and its own fields", async () => {
    await using server = await rawServer();
    const client = clientOf(server.address, {
      acceptEncoding: "gzip",
      method: "POST",
      version: "1.0",
      headers: [
        ["user-agent", "mine"],
        ["X-A", "1"],
      ],
    });
    const far = await server.next();
    const request = String(await happens(far, "data"));
    expect(request).toBe(
      "POST /stream?hopwise=abcdefgh HTTP/1.0\r\nHost: hopwise.test\r\nAccept: */*\r\nAccept-Encoding: gzip\r\n" +
        "hopwise-request: abcdefgh.2\r\nuser-agent: mine\r\nX-A: 1\r\n\r\n",
    );
    far.destroy();
    const { ended, problems, requestedAt, connectedAt, startedAt } = await over(client);
    expect([ended?.how, problems]).toEqual(["fin", ["closed before the response at byte 0"]]);
    expect(connectedAt).toBeGreaterThanOrEqual(startedAt);
    expect(requestedAt).toBeGreaterThanOrEqual(connectedAt ?? Infinity);
  });

  test("marks each record at the read that completed it", async () => {
    await using server = await rawServer();
    const client = clientOf(server.address);
    const far = await server.next();
    for (const part of [head, "x".repeat(9), "x", "x".repeat(25), "x".repeat(5)]) {
      const before = client.held.value;
      far.write(part);
      await wait(20, client.held.reaches(before + 1));
    }
    const { recordsAt, response, ended } = await over(client);
    const [, , second, third, fourth] = response.at;
    expect(recordsAt).toEqual([second, third, third, fourth]);
    expect([ended?.how, ended && ended.at >= (fourth ?? 0)]).toEqual(["complete", true]);
  });

  test("counts no record of a response with another status than the script's", async () => {
    await using server = await rawServer((socket) => socket.end("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 40\r\n\r\n" + "x".repeat(40)));
    const { recordsAt, ended } = await over(clientOf(server.address));
    expect([recordsAt, ended?.how]).toEqual([[], "complete"]);
  });

  test.each([
    ["with the stream silent", ""],
    ["with bytes on their way", "x".repeat(3_000_000)],
  ])("leaves by a FIN that is one, %s", async (_, more) => {
    await using server = await rawServer();
    const client = clientOf(server.address, { leave: { how: "fin", records: 2, afterMs: 5 } }, [10, 10, 4_000_000]);
    const far = await server.next();
    const seen = watch(far);
    far.write(`HTTP/1.1 200 OK\r\n\r\n${"x".repeat(20)}`);
    await wait(null, client.held.reaches(2));
    far.write(more);
    await seen.ended;
    expect(seen.signs).toEqual(["fin"]);
    const { ended, recordsAt } = await over(client);
    expect([ended?.how, recordsAt.length]).toEqual(["left", 2]);
    expect((ended?.at ?? 0) - (recordsAt[1] ?? 0)).toBeGreaterThan(4);
    // It is gone, and does not only keep silent.
    if (!far.destroyed) far.write("y");
    const probe = setInterval(() => far.write(Buffer.alloc(0)), 1);
    if (!far.destroyed) await happens(far, "close");
    clearInterval(probe);
    expect(seen.signs).toEqual(["fin", "reset"]);
  });

  test("leaves by reset, before the first byte too", async () => {
    await using server = await rawServer();
    const client = clientOf(server.address, { leave: { how: "reset", records: 0, afterMs: 5 } });
    const seen = watch(await server.next());
    await seen.ended;
    expect(seen.signs).toEqual(["reset"]);
    expect((await over(client)).ended?.how).toBe("left");
  });

  test("reads at the rate of its plan", async () => {
    await using server = await rawServer((socket) => socket.end(head.replace("40", "20000") + "x".repeat(20_000)));
    const { response, ended } = await over(clientOf(server.address, { readBytesPerSecond: 50_000 }, [20_000]));
    expect(ended?.how).toBe("complete");
    const took = (response.at.at(-1) ?? 0) - (response.at[0] ?? 0);
    expect(took).toBeGreaterThan(330);
    expect(took).toBeLessThan(400 + soonMs);
  });

  test.each([
    ["a FIN inside the body", `${head}xxx`, "fin", "closed inside the body, 3 of 40 bytes of Content-Length"],
    ["bytes after the end", `${head}${"x".repeat(40)}more`, "complete", "4 stray bytes after the end of the response"],
    ["what is no HTTP", "SSH-2.0-x\r\n", "fin", "byte 0x53"],
    ["an unknown content coding", "HTTP/1.1 200 OK\r\nContent-Encoding: own\r\n\r\nx", "complete", "content coding that cannot be decoded"],
    [
      "gzip that is cut inside whole framing",
      "HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 3\r\n\r\n\x1f\x8b\x08",
      "complete",
      "gzip",
    ],
  ])("reports %s", async (_, response, how, problem) => {
    await using server = await rawServer((socket) => socket.on("data", () => socket.end(Buffer.from(response, "latin1"))));
    const { ended, problems } = await over(clientOf(server.address));
    expect(ended?.how).toBe(how);
    expect(problems.join("; ")).toContain(problem);
  });

  test("waits a moment after a complete response for stray bytes", async () => {
    await using server = await rawServer();
    const client = clientOf(server.address);
    const far = await server.next();
    far.write(head + "x".repeat(40));
    await wait(null, client.ended.signal);
    far.write("late");
    const { problems, response } = await over(client);
    expect(problems).toEqual(["4 stray bytes after the end of the response"]);
    expect(textOf(response).endsWith("late")).toBe(true);
  });

  test("reports that it was refused", async () => {
    const server = await rawServer();
    await server[Symbol.asyncDispose]();
    const { ended, connectedAt } = await over(clientOf(server.address));
    expect([ended?.how, connectedAt]).toEqual(["refused", null]);
  });
});
