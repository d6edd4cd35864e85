// A client that takes nothing for a while in the middle of a download: a server that cuts it is named with its line.
import { expect, it } from "vitest";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

const inMiB = (bytes: number | null | undefined): number => Math.round((10 * (bytes ?? -1)) / 1024 / 1024) / 10;

/** Sockets take up to 48 MiB where `tcp_rmem` allows 32 MiB for each: how much is the kernel's choice. */
const beyondSockets = 8;

describeWithEngine("a client that pauses a download for 3 s", () => {
  it("is cut by send_timeout 1s, and by nothing with the fix", async () => {
    const { code, report } = await checkedIn("paused", "nginx.conf", "--path", "/old/archive.csv", "--for", "download");
    const [found, ...others] = report.findings.filter(({ level }) => level === "error");
    expect(others).toEqual([]);
    expect([found?.rule, found?.check, found?.culprit?.directive]).toEqual(["timed-out", "slow-client", "send_timeout 1s"]);
    expect(found?.fix?.diff).toMatch(/^\+ +send_timeout 1h;$/m);
    expect(code).toBe(1);
  });

  it("has what is ahead of it kept where the configuration says: in temporary files, in memory, or in the application", async () => {
    const { report } = await checkedIn("kept", "nginx.conf", "--for", "download");
    // Routes that are known to stream come first.
    const inOrder = report.routes.toSorted((one, other) => one.at.line - other.at.line);
    const kept = inOrder.map(({ title, slowClients = [] }) => ({ title, ...slowClients[0] }));
    expect(
      kept.map(({ title, check, totalBytes, decidedBy }) => [title, check, inMiB(totalBytes), decidedBy?.directive, decidedBy?.at?.line]),
    ).toEqual([
      ["location /spooled/", "slow-client", 60, "proxy_max_temp_file_size is not set", undefined],
      ["location /capped/", "slow-client", 60, "proxy_max_temp_file_size 16m", 9],
      ["location /memory/", "slow-client", 60, "proxy_max_temp_file_size 0", 10],
      ["location /streamed/", "slow-client", 60, "proxy_buffering off", 11],
    ]);
    const [spooled, capped, memory, streamed] = kept.map((one) => ({
      ahead: inMiB(one.aheadBytes),
      waiting: inMiB(one.waitingBytes),
      temporary: inMiB(one.temporaryBytes),
      memory: inMiB(one.memoryBytes),
    }));
    expect(spooled?.temporary).toBeGreaterThan(beyondSockets);
    expect(spooled?.waiting).toBe(0);
    expect(capped?.temporary).toBeGreaterThan(beyondSockets);
    expect(capped?.temporary).toBeLessThan(17);
    expect(memory?.temporary).toBe(0);
    expect(memory?.memory).toBeGreaterThan(3);
    expect(memory?.memory).toBeLessThan(9);
    expect(streamed?.temporary).toBe(0);
    expect(streamed?.memory).toBeLessThan(2);
    expect((streamed?.ahead ?? 0) + (streamed?.waiting ?? 0)).toBeGreaterThan(30);
  });

  it("is no different over TLS and HTTP/2", async () => {
    const { report } = await checkedIn("kept-tls", "nginx.conf", "--for", "download");
    const [{ slowClients = [] } = {}] = report.routes;
    expect(slowClients.map(({ check }) => check)).toEqual(["slow-client", "slow-client-h1-tls"]);
    for (const { temporaryBytes } of slowClients) {
      expect(inMiB(temporaryBytes)).toBeGreaterThan(beyondSockets);
      expect(inMiB(temporaryBytes)).toBeLessThan(17);
    }
  });
});
