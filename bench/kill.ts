// `npm run kill [kills]`: runs killed with SIGKILL at random moments, three in five in processes and the others in containers where an
// engine answers, each time beside a run that must not notice; then one more run. Bounded: 50 kills unless told otherwise.
import { askForEngine } from "../harness/runtime/choose.ts";
import { prove } from "../test/e2e/kill/prove.ts";
import type { Plan, Proof } from "../test/e2e/kill/prove.ts";

const kills = Number(process.argv[2] ?? 50);
const engine = await askForEngine();
const inContainers = engine === null ? 0 : Math.round(0.4 * kills);

const tell = async (plan: Plan): Promise<Proof | null> => {
  if (plan.kills === 0) return null;
  const proof = await prove({
    ...plan,
    onKill: (kill, number) => {
      const what = kill.isLate
        ? "was over before"
        : `took ${kill.processes} processes along, ${kill.orphans} outlived it, ${kill.remains} things remained`;
      console.log(`  ${plan.runtime} ${number}: killed after ${kill.afterMs} ms: ${what}`);
    },
  });
  const sum = (of: (kill: Proof["kills"][number]) => number): number => proof.kills.reduce((total, kill) => total + of(kill), 0);
  const { living, next } = proof;
  console.log(
    `${plan.runtime}: ${proof.kills.length} killed (${sum(({ isLate }) => Number(isLate))} of them over before), ` +
      `${sum(({ processes }) => processes)} processes ran then and ${sum(({ orphans }) => orphans)} outlived them, ${sum(({ remains }) => remains)} things remained for later runs`,
  );
  console.log(`  the run beside: ${living.why}${living.isLongEnough ? "" : " (it was over before the last kill)"}`);
  console.log(`  the run after:  ${next.why}`);
  console.log(`  left in the end: ${proof.left.length === 0 ? "nothing" : proof.left.join(", ")}`);
  return proof;
};

const proofs = [
  await tell({ runtime: "process", kills: kills - inContainers, engine: null, atOnce: 2, withinMs: 5000 }),
  await tell({ runtime: "container", kills: inContainers, engine, atOnce: 2, withinMs: 7000 }),
].filter((proof) => proof !== null);
if (engine === null) console.log("container: not proven, no engine answers");

const isProven = ({ kills: all, living, next, left }: Proof): boolean =>
  left.length === 0 && all.every(({ orphans }) => orphans === 0) && living.code === 0 && living.isLongEnough && next.code === 0;
process.exitCode = proofs.every(isProven) ? 0 : 1;
