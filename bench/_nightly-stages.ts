// What the nightly run proves: everything that takes too long for each change.
import { readCorpus } from "../test/configs/_corpus.ts";
import { mutantCases, pipeCases } from "../test/e2e/mutants/matrix.ts";
import type { Stage } from "./_nightly-run.ts";

const mutations = 160;
/** Times each healthy configuration is checked. */
const repetitions = 20;
const repetitionsPerStage = 5;
const generated = 500;
const soakedVerdicts = 3000;
const kills = 100;

/** A stage that is interrupted begins again, so none takes much longer than half an hour. */
const roundsPerStage = 6;
const killsPerStage = 25;

/** `seed`: of everything that is random, so that a repeated stage is the same. */
export const stagesOf = (seed: number): Stage[] => [
  ...corpus(),
  ...chains,
  ...changes(seed),
  ...random(seed),
  ...soak(),
  ...killed(),
  ...sweeps,
];

const corpus = (): Stage[] =>
  [...new Set(readCorpus().flatMap(({ expected }) => expected.nginx))].toSorted().map((version) => ({
    name: `corpus-${version}`,
    command: ["bench/check-corpus.ts", "--nginx", version],
  }));

/** Deployments with several proxies, and configurations after public ones. */
const chains: readonly Stage[] = [
  { name: "chains", command: ["bench/check-chains.ts"] },
  { name: "public", command: ["bench/check-public.ts"] },
];

const changes = (seed: number): Stage[] => [
  { name: "mutations", command: ["bench/check-mutations.ts", "--seed", String(seed), "--take", String(mutations), "--healthy", "0"] },
  ...inParts(repetitions, repetitionsPerStage).map((count, part): Stage => ({
    name: `healthy-${part + 1}`,
    command: ["bench/check-mutations.ts", "--take", "0", "--healthy", String(count), "--add"],
  })),
];

const random = (seed: number): Stage[] => [
  { name: "generator", command: ["bench/generator.ts", String(generated), "--seed", String(seed)] },
];

/** The sizes of parts, each at most `most`, that make up the whole. */
const inParts = (whole: number, most: number): number[] =>
  Array.from({ length: Math.ceil(whole / most) }, (_, part) => Math.min(most, whole - part * most));

const soak = (): Stage[] =>
  inParts(Math.ceil(soakedVerdicts / (mutantCases().length + pipeCases().length)), roundsPerStage).map((rounds, part) => ({
    name: `soak-${part + 1}`,
    command: ["bench/soak.ts", String(rounds)],
  }));

const killed = (): Stage[] =>
  inParts(kills, killsPerStage).map((count, part) => ({ name: `kills-${part + 1}`, command: ["bench/kill.ts", String(count)] }));

/** The catalog in every version of its servers, and every scenario with a real application. They save their results in results/. */
const sweeps: readonly Stage[] = [
  { name: "matrix", command: ["scripts/matrix.ts"] },
  { name: "claims", command: ["scripts/claims.ts"] },
];
