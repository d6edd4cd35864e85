// Nothing of what Hopwise starts outlives it (at every line of the guard: guard-lines.test.ts).
import { describe, it } from "vitest";
import { runToEnd } from "../../../harness/runtime/child.ts";
import { startGuarded } from "../../../harness/runtime/guard.ts";
import type { Guarded } from "../../../harness/runtime/guard.ts";
import { createLines } from "../../../harness/runtime/lines.ts";
import { startHeld } from "../../e2e/kill/held.ts";
import type { Held } from "../../e2e/kill/held.ts";
import { processesWith, whenEmpty } from "../../e2e/runtime/_left.ts";
import { deaf, inGroup, left, newFamily, starter } from "./_guarded.ts";

const startHere = (program: string): { guarded: Guarded; printed: Promise<string>; all: () => string[] } => {
  const guarded = startGuarded({ command: "/bin/sh", args: ["-c", program], environment: process.env });
  const first = Promise.withResolvers<string>();
  const out = createLines(first.resolve);
  guarded.output.on("data", (piece: Buffer) => out.add(piece));
  guarded.errors.resume();
  return { guarded, printed: first.promise, all: () => out.last(100) };
};

describe.runIf(process.platform === "linux").concurrent("what Hopwise starts", () => {
  it("ends when it is stopped, deaf or not, with all that it started, wherever that went", async ({ expect }) => {
    const family = newFamily();
    const { guarded, printed } = startHere(deaf(family));
    await printed;
    expect(await processesWith(family)).not.toEqual([]);
    await guarded.stop();
    expect(await whenEmpty(() => processesWith(family), 500)).toEqual([]);
    expect(await guarded.ended).toEqual({ signal: "SIGKILL" });
  });

  it("may end in its own way", async ({ expect }) => {
    const { guarded, printed, all } = startHere(`trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done`);
    await printed;
    await guarded.stop();
    expect(all()).toEqual(["up", "bye"]);
    expect(await guarded.ended).toEqual({ code: 3 });
  });

  it("ends with its guard", async ({ expect }) => {
    const family = newFamily();
    const { guarded, printed } = startHere(`echo $PPID; ${deaf(family)}`);
    process.kill(Number(await printed), "SIGKILL");
    expect(await left(family)).toEqual([]);
    await guarded.stop();
  });

  it("leaves nothing when it is stopped, although it has killed its guard", async ({ expect }) => {
    const family = newFamily();
    const { guarded } = startHere(`setsid sleep ${family} <&- >&- 2>&- & sleep ${family} & sleep 0.2; kill -KILL 0`);
    expect(await guarded.ended).toEqual({ signal: "SIGKILL" });
    expect(await processesWith(family)).not.toEqual([]);
    await guarded.stop();
    expect(await whenEmpty(() => processesWith(family), 500)).toEqual([]);
  });

  it("is not deaf to any signal but those that a shell keeps from what runs beside it", async ({ expect }) => {
    const { guarded, printed } = startHere("grep SigIgn /proc/self/status");
    const [, ignored = ""] = (await printed).split(/\s+/);
    const [interrupt, quit] = [2n, 4n];
    expect(BigInt(`0x${ignored}`) & ~(interrupt | quit)).toBe(0n);
    await guarded.stop();
  });

  it("ends when it is asked something and does not answer", async ({ expect }) => {
    const family = newFamily();
    expect(await runToEnd("/bin/sh", ["-c", deaf(family)])).toEqual({ code: -1, text: "up\n" });
    expect(await left(family)).toEqual([]);
  });

  const upThenKilled = async (hopwise: Held, wanted: string[]): Promise<void> => {
    await hopwise.until(() => wanted.every((line) => hopwise.printed.includes(line)));
    await hopwise.kill();
  };

  it("is gone after a kill -9 of a Hopwise in which a Hopwise runs, or which cannot tag what it starts", async ({ expect }) => {
    const family = newFamily();
    const nested = `exec "${process.execPath}" "${starter}" start "$PROGRAM"`;
    const untagged = `ulimit -m 1000000; exec "${process.execPath}" "${starter}" start "$IN_GROUP"`;
    await using hopwise = await startHeld(
      [starter, "start", nested, untagged],
      {},
      { PROGRAM: deaf(`${family}1`), IN_GROUP: inGroup(`${family}2`) },
    );
    await upThenKilled(hopwise, ["0: 0: up", "1: 0: up"]);
    expect(await left(family)).toEqual([]);
  });

  it("is gone after a kill -9 of Hopwise while that waits for its answer", async ({ expect }) => {
    const family = newFamily();
    await using hopwise = await startHeld([starter, "ask", `echo up >&2; ${deaf(family)}`]);
    while ((await processesWith(family)).length < 4) if (hopwise.hasEnded()) return expect.unreachable("it has ended");
    await hopwise.kill();
    expect(await left(family)).toEqual([]);
  });
});
