// Hops as strangers write them in a few lines of Express or node:http, through the command line alone. Each answer was written down
// from how the hop is made, before any judge was asked.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import type { Report } from "../../harness/report/report.ts";
import { hopwise, inPool, reportOf } from "./_cli.ts";

interface Late {
  file: string;
  /** Members of which each scenario must show one, by scenario; nothing else may be found. */
  shows: Record<string, { facet: string; members: string[] } | null>;
  code: number;
}

const both = (facet: string, ...members: string[]) => ({ "lock-step": { facet, members }, "lock-step-gzip": { facet, members } });

const late: Record<string, Late> = {
  "awaits something for every third piece": { file: "awaits-each-third.mjs", shows: both("delivery", "delayed"), code: 1 },
  "sends each piece through an asynchronous step": { file: "jitter.mjs", shows: both("delivery", "delayed"), code: 1 },
  // Legal in RFC 1952, but browsers stop after the first member.
  "compresses each event by itself": {
    file: "gzip-each-event.mjs",
    shows: { "lock-step": null, "lock-step-gzip": { facet: "integrity", members: ["altered"] } },
    code: 1,
  },
  // A record each half second: by this trial alone it may be a timer. It is never hung.
  "passes 200 bytes per second on": { file: "drips.mjs", shows: both("delivery", "throttled", "delayed", "batched"), code: 1 },
};

const harmless: Record<string, Late> = {
  "passes line by line on": { file: "line-by-line.mjs", shows: { "lock-step": null, "lock-step-gzip": null }, code: 0 },
};

const strangers = { ...late, ...harmless };

describe("a stranger's hop that", () => {
  const ended = new Map<string, { code: number | null; report: Report }>();

  beforeAll(async () => {
    await inPool(4, Object.entries(strangers), async ([name, { file }]) => {
      const command = `${process.execPath} ${join(import.meta.dirname, "strangers", file)}`;
      const result = await hopwise(["run", "--hop", command, "--grep", "lock-step", "--reporter", "json"]);
      ended.set(name, { code: result.code, report: reportOf(result) });
    });
  });

  it.each(Object.entries(strangers))("%s", (name, { shows, code }) => {
    const result = ended.get(name);
    const scenarios = result?.report.scenarios ?? [];
    for (const { id, facets, why } of scenarios) {
      const accused = facets.filter(({ culprit }) => culprit !== null);
      const wanted = shows[id];
      expect([...new Set(accused.map(({ facet }) => facet))], why).toEqual(wanted ? [wanted.facet] : []);
      for (const { culprit, observation } of accused) {
        expect(culprit).toBe("hop");
        expect(wanted?.members, why).toContain(observation.member);
      }
    }
    expect(scenarios.map(({ id }) => id)).toEqual(Object.keys(shows));
    expect(result?.code).toBe(code);
  });
});

describe("an application that compresses each event by itself", () => {
  it("is found, and the hop that passes its members on is not", async () => {
    const application = spawn(process.execPath, [join(import.meta.dirname, "applications/gzip-members.mjs")], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    try {
      const [line] = (await once(application.stdout, "data")) as [Buffer];
      const app = `http://localhost:${Number(line.toString())}/events`;
      const result = await hopwise(["run", "--app", app, "--through", "http-pipe", "--grep", "^watch", "--reporter", "json"]);
      const shown = reportOf(result).scenarios.map(({ id, facets }) => [
        id,
        ...facets.flatMap(({ facet, observation, culprit }) => (culprit === null ? [] : [`${facet} ${observation.member} ${culprit}`])),
      ]);
      expect(shown).toEqual([["watch"], ["watch-gzip", "integrity altered origin"]]);
    } finally {
      application.kill();
    }
  });
});
