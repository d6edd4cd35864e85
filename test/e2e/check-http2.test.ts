// `hopwise check` on `listen 443 ssl http2`, in containers: a browser that cancels one stream keeps the connection for its others.
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { hopwise } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

let folder = "";
let configuration = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-check-http2-"));
  configuration = await readFile(join(import.meta.dirname, "../configs/tls-http2/app.conf"), "utf8");
  await writeFile(join(folder, "hopwise.yaml"), "for: sse\nmust: { noticeDisconnectWithinMs: 1000 }\n");
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** What each way of leaving showed on each location. */
const departures = async (version: string, text: string): Promise<string[]> => {
  await writeFile(join(folder, `${version}.conf`), text);
  const web = `{ image: nginx:${version}, volumes: [./${version}.conf:/etc/nginx/conf.d/default.conf] }`;
  await writeFile(join(folder, `${version}.yaml`), `services:\n  web: ${web}\n  backend: { image: backend }\n`);
  const { out, err } = await hopwise(["check", `${version}.yaml`, "--reporter", "json"], { folder });
  if (out === "") throw new Error(`There is no report: ${err}`);
  const report = JSON.parse(out) as CheckReport;
  expect(report.server.version).toContain(version);
  return report.routes.flatMap(({ title, checks }) =>
    checks
      .filter(({ check }) => check === "client-leaving")
      .flatMap(({ scenario }) =>
        scenario.facets.map(({ case: trialCase, observation, evidence }) => `${title} ${trialCase} ${observation.member}: ${evidence}`),
      ),
  );
};

const canceled = "left (it canceled its stream and kept the connection)";

describeWithEngine("nginx with HTTP/2", () => {
  it.each(["1.22", "1.26", "1.30"])("%s drops its upstream at once, for a stream that is canceled too", async (version) => {
    const shown = await departures(version, configuration);
    expect(shown).toHaveLength(4);
    expect(
      shown.filter((line) => / leave-cancel-(flowing|silent) propagated: .*\(it canceled its stream and kept the connection\)/.test(line)),
    ).toHaveLength(2);
    expect(shown.filter((line) => / leave-close-(flowing|silent) propagated: .*\(it closed its connection\)/.test(line))).toHaveLength(2);
  });

  it("with proxy_ignore_client_abort on notices a canceled stream no sooner than it is written to", async () => {
    const shown = await departures(
      "1.26",
      configuration.replace("proxy_cache off;", "proxy_cache off;\n        proxy_ignore_client_abort on;"),
    );
    expect(shown.find((line) => line.includes("leave-cancel-silent"))).toMatch(
      / propagated-on-next-write: nginx closed its upstream connection only when more bytes arrived: \d+ ms and 1 read after the client /,
    );
    expect(shown.find((line) => line.includes("leave-cancel-silent"))).toContain(canceled);
  });
});
