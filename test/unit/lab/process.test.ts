// The lab as its own process, controlled over a pipe and over a port.
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import type { Duplex } from "node:stream";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { encodeFrame } from "../../../harness/lab/frames.ts";
import type { Lab } from "../../../harness/lab/protocol.ts";
import { steerLab } from "../../../harness/runtime/steer.ts";
import type { Step } from "../../../harness/model/script.ts";
import { anyPort, caseOf, endsOf, newToken, only, openTaps, rawServer, repeat, textOf } from "./_lab.ts";

const main = fileURLToPath(new URL("../../../harness/lab/main.ts", import.meta.url));
const started: { lab: Lab; child: ChildProcess }[] = [];
afterEach(async () => {
  for (const { lab } of started.splice(0)) await lab[Symbol.asyncDispose]();
});

const exitOf = async (child: ChildProcess): Promise<string> => {
  let words = "";
  child.stderr?.on("data", (bytes: Buffer) => (words += bytes.toString()));
  const [code, signal] = (await once(child, "exit")) as [number | null, string | null];
  return `exit ${code ?? signal}${words === "" ? "" : `, ${words.trim()}`}`;
};

const startLab = (): { lab: Lab; child: ChildProcess } => {
  const child = spawn(process.execPath, [main], { stdio: ["ignore", "ignore", "pipe", "pipe"], env: { HOPWISE_LAB_FD: "3" } });
  const exit = exitOf(child);
  const lab = steerLab(child.stdio[3] as Duplex, { host: "127.0.0.1", onExit: () => exit });
  started.push({ lab, child });
  return { lab, child };
};

const startListening = async (env: Record<string, string>): Promise<{ child: ChildProcess; port: number; exit: Promise<string> }> => {
  const free = await rawServer();
  await free[Symbol.asyncDispose]();
  const { port } = free.address;
  const child = spawn(process.execPath, [main], { stdio: ["ignore", "ignore", "pipe"], env: { HOPWISE_LAB_PORT: String(port), ...env } });
  return { child, port, exit: exitOf(child) };
};
const enter = async (port: number): Promise<Duplex> => {
  for (;;) {
    const socket = connect({ port, host: "127.0.0.1", noDelay: true });
    const isOpen = await new Promise((resolve) => socket.once("connect", () => resolve(true)).once("error", () => resolve(false)));
    if (isOpen) return socket;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
};

describe("the lab's process", () => {
  test("trusts this Node, and shares its clock", async () => {
    const { lab } = startLab();
    const { node, faults } = await lab.ask("self-test", {});
    expect([node, faults]).toEqual([process.version, []]);
    const before = Number(process.hrtime.bigint()) / 1e6;
    const { at } = await lab.ask("now", {});
    expect(at).toBeGreaterThan(before);
    expect(at).toBeLessThan(Number(process.hrtime.bigint()) / 1e6);
  });

  test.each([0, 2])("runs every kind of ending through %i more taps", async (more) => {
    const { lab } = startLab();
    const taps = await openTaps(
      lab.ask,
      repeat(0, more).map(() => null),
    );
    const endings: [Step, string, string][] = [
      [{ do: "end" }, "complete", "downstream fin"],
      [{ do: "abort", how: "reset" }, "reset", "upstream reset"],
      [{ do: "abort", how: "close" }, "fin", "upstream fin"],
      [{ do: "abort", how: "no-last-chunk" }, "fin", "upstream fin"],
    ];
    const steps: Step[] = [{ do: "headers" }, { do: "lock-step", records: 4, patienceMs: 1000 }];
    await Promise.all(
      endings.map(async ([end, how, sign]) => {
        const recording = await lab.ask("run-case", { case: caseOf({ steps: [...steps, end] }), token: newToken(), taps });
        expect(only(recording.clients).ended?.how).toBe(how);
        expect(only(recording.clients).recordsAt.length).toBe(4);
        expect(recording.connections.map((connection) => endsOf(connection)[0])).toEqual(taps.map(() => sign));
        for (const { response } of recording.connections) {
          expect(response.at).toBeInstanceOf(Float64Array);
          expect(textOf(response)).toBe(textOf(only(recording.clients).response));
        }
      }),
    );
  });

  test("answers faults with errors, and continues", async () => {
    const { lab } = startLab();
    await expect(lab.ask("close-tap", { id: "x" })).rejects.toThrow('Unknown tap "x"; known taps: none');
    await expect(lab.ask("no-such-thing" as "now", {})).rejects.toThrow('Unknown lab command "no-such-thing"');
    expect((await lab.ask("open-tap", { id: "x", target: "origin", listen: anyPort })).port).toBeGreaterThan(0);
  });

  test("ends on request, and then rejects commands", async () => {
    const { lab, child } = startLab();
    await lab.ask("now", {});
    await lab[Symbol.asyncDispose]();
    expect([child.exitCode, child.signalCode]).toEqual([0, null]);
    await expect(lab.ask("now", {})).rejects.toThrow("The lab has ended");
    expect(await Promise.race([lab.died, Promise.resolve("never")])).toBe("never");
  });

  test("is reported with its exit when it dies, and pending commands fail with it", async () => {
    const { lab, child } = startLab();
    const taps = await openTaps(lab.ask, []);
    const asked = lab.ask("run-case", {
      case: caseOf({ steps: [{ do: "headers" }, { do: "await-gone", atMostMs: 60_000 }, { do: "end" }] }),
      token: newToken(),
      taps,
    });
    child.kill("SIGKILL");
    await expect(asked).rejects.toThrow("The lab ended unexpectedly: exit SIGKILL");
    expect(await lab.died).toBe("The lab ended unexpectedly: exit SIGKILL");
  });

  test("ends with its parent, killed or not", async () => {
    const parent = spawn(
      process.execPath,
      [
        "-e",
        `const c = require("child_process").spawn(process.execPath, [${JSON.stringify(main)}], { stdio: ["ignore", "ignore", "inherit", "pipe"], env: { HOPWISE_LAB_FD: "3" } }); console.log(c.pid); setInterval(() => {}, 1000)`,
      ],
      { stdio: ["ignore", "pipe", "pipe"] },
    );
    const [line] = (await once(parent.stdout, "data")) as [Buffer];
    expect(Number(line.toString())).toBeGreaterThan(0);
    parent.kill("SIGKILL");
    // The grandchild holds its parent's stderr until it ends by itself.
    await once(parent.stderr.resume(), "close");
  });

  test("ends on a corrupt frame, with one sentence and exit code 70", async () => {
    const { child } = startLab();
    (child.stdio[3] as Duplex).write(Buffer.alloc(8, 0xff));
    const exit = await exitOf(child);
    expect(exit).toMatch(/^exit 70, The lab failed: A frame announces 4294967295 bytes of JSON, more than \d+( \(.*\))?$/);
  });
});

describe("the lab on a port", () => {
  test("obeys only a peer with the secret", async () => {
    const { port, exit } = await startListening({ HOPWISE_LAB_SECRET: "s3cret" });
    for (const hello of [{ secret: "wrong" }, { id: 1, command: "now", order: {} }, null, "s3cret"]) {
      const stranger = await enter(port);
      for (const piece of encodeFrame(hello)) stranger.write(piece);
      await once(stranger.resume(), "close");
    }
    const lab = steerLab(await enter(port), { host: "lab", secret: "s3cret", onExit: () => exit });
    const taps = await openTaps(lab.ask, []);
    const recording = await lab.ask("run-case", { case: caseOf({ steps: [{ do: "end" }] }), token: newToken(), taps });
    expect(only(recording.clients).ended?.how).toBe("complete");
    const late = connect({ port, host: "127.0.0.1" });
    expect(((await once(late, "error")) as [NodeJS.ErrnoException])[0].code).toBe("ECONNREFUSED");
    await lab[Symbol.asyncDispose]();
    expect(await exit).toBe("exit 0");
  });

  test("does not start without a secret", async () => {
    const { exit } = await startListening({});
    expect(await exit).toMatch(/^exit 70, The lab failed: neither HOPWISE_LAB_FD nor HOPWISE_LAB_PORT with HOPWISE_LAB_SECRET is set/);
  });
});
