// What reports of a probe for people share: the order of findings, the answer, and what is left to ask. Pure.
import type { Level } from "../probe/judge/findings.ts";
import type { ProbeReport, ProbeResponse } from "./probe-report.ts";
import { duration } from "./text.ts";

export const probeMarks: Record<Level, string> = { error: "✗", warning: "!", note: "·", ok: "✓", open: "?" };

/** The most urgent goes first. */
const order: readonly Level[] = ["error", "warning", "open", "ok", "note"];

export const sorted = <T extends { level: Level }>(findings: readonly T[]): T[] =>
  findings.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));

/** The first of the responses before it that is the same: nothing is wrong in either, and nothing else was found. */
export const sameAs = (response: ProbeResponse, before: readonly ProbeResponse[]): ProbeResponse | undefined =>
  before.find((other) => isFine(other) && isFine(response) && kindsOf(other) === kindsOf(response));

const kindsOf = ({ findings }: ProbeResponse): string =>
  findings
    .flatMap((finding) => {
      const { facet, kind } = finding;
      if (facet === "disconnect") return [];
      return [`${facet} ${kind}`, ...(kind === "field-changed" || kind === "other-fields" ? [finding.says] : [])];
    })
    .join();

const isFine = ({ findings }: ProbeResponse): boolean => findings.every(({ level }) => level === "ok" || level === "note");

export const onlyTheLab = ({ responses }: ProbeReport): string => {
  const hasLeft = responses.some(({ findings }) => findings.some(({ facet }) => facet === "disconnect"));
  return `which hop and which line does it, ${hasLeft ? "" : "what happens when a client leaves, "}and timeouts longer than --for: npx hopwise check, with your configuration`;
};

export const nextSteps = ({ origin, responses, outcome }: ProbeReport): string[] => {
  const isOpenQuestion = responses.some(({ findings }) =>
    findings.some(({ kind, level }) => kind === "arrival" && (level === "error" || level === "warning")),
  );
  if (outcome === "fine" || !isOpenQuestion || origin !== null) return [];
  return ["--origin <url> compares with the application without its proxies; npx hopwise origin, deployed behind the URL, proves it"];
};

export const interruptedWords = "interrupted: this is what was seen until then";

/** One line. */
export const countsOf = ({ responses, outcome, tookMs }: ProbeReport): string => {
  const withLevel = (wanted: Level): number => responses.filter(({ findings }) => findings.some(({ level }) => level === wanted)).length;
  const of = `${responses.length} ${responses.length === 1 ? "response" : "responses"}`;
  const warned = withLevel("warning");
  const words = {
    bad: `${withLevel("error")} of ${of} held, cut or changed`,
    fine: warned > 0 ? `warnings in ${warned} of ${of}` : `nothing wrong seen in ${of}`,
    open: `could not judge ${of}`,
  };
  return `${words[outcome]} (${duration(tookMs)})`;
};

/** In a sentence: which side it is if that is known, otherwise what was seen. */
export const answerOf = (report: ProbeReport): string => capital(sentencesOf(report)[0] ?? "nothing was answered");

/** What else was concluded, and what that rests on. */
export const furtherOf = (report: ProbeReport): string[] => {
  const [first, ...more] = sentencesOf(report);
  return report.conclusions.length > 0 ? more.filter((says) => says !== first) : [];
};

/** The most telling goes first. */
const sentencesOf = (report: ProbeReport): string[] => {
  const { conclusions } = report;
  const sides = conclusions.filter(({ kind }) => kind === "side");
  const others = conclusions.filter(({ kind }) => kind !== "side");
  const seen = seenOf(report);
  return [...sides.map(({ says }) => says), ...(seen === null ? [] : [seen]), ...others.map(({ says }) => says)];
};

/** Delivery before all other facets. */
const seenOf = ({ responses, outcome }: ProbeReport): string | null => {
  const wanted: readonly Level[] = { bad: ["error"] as const, open: ["open"] as const, fine: ["warning", "ok"] as const }[outcome];
  const found = wanted.flatMap((level) => responses.flatMap(({ findings }) => findings.filter((one) => one.level === level)));
  return found.toSorted((a, b) => Number(b.facet === "delivery") - Number(a.facet === "delivery"))[0]?.says ?? null;
};

const capital = (text: string): string => text.replace(/^[a-z]/, (letter) => letter.toUpperCase());
