// `npm run kill -- [kills] [--steps]`: kills runs with SIGKILL at random moments, or with --steps at steps spread over the whole run
// and over the lines of its guards. Three in five run as processes, the others in containers if an engine answers; --process or --container
// selects one. `--part 1/3` takes every third step. A concurrent run must not notice, and a further run follows. Default: 50 kills.
import { askForEngine } from "../harness/session/choose-runtime.ts";
import { prove } from "../test/e2e/kill/prove.ts";
import type { Plan, Proof } from "../test/e2e/kill/prove.ts";
import { optionsOf } from "../scripts/_options.ts";

const yes = { type: "boolean", default: false } as const;
const { values, positionals } = optionsOf({
  allowPositionals: true,
  options: { steps: yes, process: yes, container: yes, part: { type: "string", default: "1/1" } },
});
const kills = Number(positionals[0] ?? 50);
const isAtSteps = values.steps;
const [, first, parts] = /^(\d+)\/(\d+)$/.exec(values.part) ?? [];
if (first === undefined || !Number.isInteger(kills)) throw new Error("A number of kills and --part 1/3, for example, are expected");
const steps = { when: "steps", part: { first: Number(first ?? 1), of: Number(parts ?? 1) } } as const;
const engine = values.process ? null : await askForEngine();
const inContainers = engine === null ? 0 : values.container ? kills : Math.round(0.4 * kills);

const tell = async (plan: Plan): Promise<Proof | null> => {
  if (plan.kills === 0) return null;
  const proof = await prove({
    ...plan,
    onKill: (kill, number) => {
      const what = kill.isLate
        ? "was over before"
        : `took ${kill.processes} processes along, ${kill.orphans} outlived it, ${kill.remains} things remained`;
      console.log(`  ${plan.runtime} ${number}: killed ${kill.when}: ${what}`);
    },
  });
  const sum = (of: (kill: Proof["kills"][number]) => number): number => proof.kills.reduce((total, kill) => total + of(kill), 0);
  const { living, next } = proof;
  console.log(
    `${plan.runtime}: ${proof.kills.length} killed (${sum(({ isLate }) => Number(isLate))} of them over before), ` +
      `${sum(({ processes }) => processes)} processes ran then and ${sum(({ orphans }) => orphans)} outlived them, ${sum(({ remains }) => remains)} things remained for later runs`,
  );
  console.log(`  the concurrent run: ${living.why}${living.isLongEnough ? "" : " (it was over before the last kill)"}`);
  console.log(`  the run after:  ${next.why}`);
  console.log(`  left in the end: ${proof.left.length === 0 ? "nothing" : proof.left.join(", ")}`);
  return proof;
};

const proofs = [
  await tell({
    runtime: "process",
    kills: kills - inContainers,
    engine: null,
    atOnce: 2,
    ...(isAtSteps ? steps : { when: { withinMs: 5000 } }),
  }),
  await tell({ runtime: "container", kills: inContainers, engine, atOnce: 2, ...(isAtSteps ? steps : { when: { withinMs: 7000 } }) }),
].filter((proof) => proof !== null);
if (engine === null) console.log("container: not proven, no engine answers");

const isProven = ({ kills: all, living, next, left }: Proof): boolean =>
  left.length === 0 && all.every(({ orphans }) => orphans === 0) && living.code === 0 && living.isLongEnough && next.code === 0;
process.exitCode = proofs.every(isProven) ? 0 : 1;
