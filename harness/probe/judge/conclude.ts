// From several responses to conclusions: which variation is bad, and, with an origin to compare with, which side. Pure.
import type { Facet, Finding, Level } from "./findings.ts";
import type { Judged } from "./judge.ts";
import type { Variation } from "./observation.ts";

/** What is compared between responses. */
export type Compared = Exclude<Facet, "about" | "disconnect">;

export type Conclusion = { facet: Compared } & (
  | { kind: "only-with-coding"; http: Variation["http"] }
  | { kind: "only-over"; http: Variation["http"] }
  /** `path`: the origin is fine, so what is in front of it did it. `origin`: the origin shows the same. */
  | { kind: "side"; side: "path" | "origin" }
);

const facets: readonly Compared[] = ["delivery", "headers", "ending", "source", "integrity"];

const isBad = ({ level }: Finding): boolean => level === "error" || level === "warning";

const isBadIn = (facet: Compared, { findings }: Judged): boolean => findings.some((finding) => finding.facet === facet && isBad(finding));

const isFineIn = (facet: Compared, { findings }: Judged): boolean => {
  const own = findings.filter((finding) => finding.facet === facet);
  return own.length > 0 && own.every(({ level }) => level === "ok" || level === "note");
};

export const variationsCompared = (all: readonly Judged[]): Conclusion[] =>
  facets.flatMap((facet): Conclusion[] => {
    const of = (wanted: (variation: Variation) => boolean): Judged[] => all.filter(({ observed }) => wanted(observed.variation));
    const bad = all.filter((one) => isBadIn(facet, one));
    if (bad.length === 0) return [];
    for (const http of ["1.1", "2", "3"] as const) {
      const other = of((variation) => variation.http !== http);
      const own = of((variation) => variation.http === http);
      if (own.length > 0 && own.every((one) => isBadIn(facet, one)) && other.length > 0 && other.every((one) => isFineIn(facet, one)))
        return [{ facet, kind: "only-over", http }];
    }
    return (["1.1", "2"] as const).flatMap((http): Conclusion[] => {
      const coded = of((variation) => variation.http === http && variation.acceptEncoding !== null);
      const plain = of((variation) => variation.http === http && variation.acceptEncoding === null);
      const isOnly = coded.some((one) => isBadIn(facet, one)) && plain.length > 0 && plain.every((one) => isFineIn(facet, one));
      return isOnly ? [{ facet, kind: "only-with-coding", http }] : [];
    });
  });

/** Two responses with events of one request: a hop answered the second one itself. */
export const sharedResponses = (all: readonly Judged[], nameOf: (variation: Variation) => string): Judged[] => {
  const seen = new Map<string, string>();
  return all.map((one) => {
    if (one.known === null) return one;
    const { request } = one.known.first;
    const before = seen.get(request);
    if (before === undefined) {
      seen.set(request, nameOf(one.observed.variation));
      return one;
    }
    const shared: Finding = { level: "error", facet: "source", kind: "same-response", with: before };
    // When it was written says nothing about when it was passed on.
    return { ...one, findings: [...one.findings.filter(({ facet }) => facet !== "delivery" && facet !== "headers"), shared] };
  });
};

/** What the origin itself shows is no fault of the path. */
export const comparedWithOrigin = (path: readonly Judged[], origin: readonly Judged[]): { path: Judged[]; conclusions: Conclusion[] } => {
  const ofOrigin = facets.filter((facet) => origin.some((one) => isBadIn(facet, one)));
  const fine = facets.filter((facet) => origin.length > 0 && origin.every((one) => isFineIn(facet, one)));
  const lowered = (finding: Finding): Finding =>
    isBad(finding) && ofOrigin.some((facet) => facet === finding.facet) ? { ...finding, level: "note" satisfies Level } : finding;
  const badFacets = facets.filter((facet) => path.some((one) => isBadIn(facet, one)));
  return {
    path: path.map((one) => ({ ...one, findings: one.findings.map(lowered) })),
    conclusions: badFacets.flatMap((facet): Conclusion[] =>
      ofOrigin.includes(facet)
        ? [{ facet, kind: "side", side: "origin" }]
        : fine.includes(facet)
          ? [{ facet, kind: "side", side: "path" }]
          : [],
    ),
  };
};

/** `bad`: streams are held or cut; `open`: no response could be judged. */
export const outcomeOf = (all: readonly Judged[]): "fine" | "bad" | "open" => {
  if (all.some(({ findings }) => findings.some(({ level }) => level === "error"))) return "bad";
  const isJudged = all.some(({ findings }) => findings.some(({ facet, level }) => facet === "delivery" && level !== "open"));
  return isJudged ? "fine" : "open";
};
