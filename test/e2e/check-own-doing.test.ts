// What Hopwise itself does to a server is no finding: trials side by side, a scripted upstream, stubs.
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { Edit } from "../../harness/check/configuration.ts";
import type { Must } from "../../harness/define.ts";
import type { CheckReport, Finding } from "../../harness/report/check-report.ts";
import { hopwise, reportOf, runProgram } from "./_cli.ts";
import type { Ended } from "./_cli.ts";
import { describeWithEngine } from "./engine.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "hopwise-own-doing-test-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Site {
  http?: string;
  server?: string;
  location?: string;
  pass?: string;
}

/** Line 1 is `http`, line 5 `server`, line 11 `location`. */
const site = ({ http = "", server = "", location = "", pass = "http://app" }: Site): string => `${http}
upstream app { server web:8000; }
server {
  listen 80; server_name app.example;
  ${server}
  location /events {
    proxy_pass ${pass};
    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_buffering off;
    ${location}
  }
}
`;

interface Checked {
  code: number | null;
  report: CheckReport;
  /** What --write would change. */
  edits: Edit[];
}

/** In a folder of its own. */
const put = async (name: string, text: string): Promise<string> => {
  const own = join(folder, name);
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "site.conf"), text);
  return own;
};

const read = async ({ code, out, err }: Ended, reported: (printed: unknown) => Omit<Checked, "code">): Promise<Checked> => {
  if (out === "") throw new Error(err);
  const { report, edits } = reported(JSON.parse(out));
  const schema = JSON.parse(await readFile(join(import.meta.dirname, "../../harness/report/check.schema.json"), "utf8")) as object;
  expect(new Ajv({ strict: false }).validate(schema, report)).toBe(true);
  return { code, report, edits };
};

/** By all trials. */
const checked = async (name: string, text: string, ...args: string[]): Promise<Checked> =>
  read(await hopwise(["check", "site.conf", "--reporter", "json", ...args], { folder: await put(name, text) }), (report) => ({
    report: report as CheckReport,
    edits: [],
  }));

/** By those of these requirements. */
const checkedFor = async (must: Must, name: string, text: string, purpose = "sse"): Promise<Checked> => {
  const args = ["site.conf", JSON.stringify(must), purpose];
  const ended = await runProgram(join(import.meta.dirname, "fixtures/few-trials.ts"), args, { folder: await put(name, text) });
  return read(ended, (printed) => printed as Omit<Checked, "code">);
};

const briefly = ({ rule, level, at, says, fix }: Finding) => ({ rule, level, line: at.line, says, diff: fix?.diff ?? null });
const outcomes = ({ routes }: CheckReport): string[] => [
  ...new Set(routes.flatMap(({ checks }) => checks.map(({ scenario }) => scenario.outcome))),
];
const aloneIn = ({ routes }: CheckReport): string[] =>
  routes.flatMap(({ checks }) => checks.flatMap(({ check, alone }) => (alone ? [check] : [])));

describeWithEngine("a server that counts streams or requests", () => {
  it("is not accused of refusing what trials ask side by side; its limit is reported with its number, its line and a fix", async () => {
    // Fewer than any two trials side by side need: how many more meet depends on the machine.
    const { code, report } = await checkedFor(
      { deliver: "incrementally", end: "visibly" },
      "connections",
      site({ http: "limit_conn_zone $binary_remote_addr zone=c:1m;", location: "limit_conn c 2; limit_conn_status 429;" }),
    );
    expect(report.findings.map(briefly)).toEqual([
      {
        rule: "refused",
        level: "warning",
        line: 11,
        says: "limit_conn c 2 refuses the 3rd concurrent stream of one address (429)",
        diff: expect.stringMatching(/^\+ {4}limit_conn c 6; limit_conn_status 429;$/m),
      },
    ]);
    expect(report.findings[0]?.evidence).toMatch(
      /^of 6 streams that one address opened at once, nginx passed 2 on without delay, and answered 4 with 429; alone, /,
    );
    expect(report.findings[0]?.fix?.after).toMatch(/^of (\d+) streams that one address opened at once, nginx passed \1 on without delay$/);
    // Which of them meet the limit depends on how they fall together.
    expect(aloneIn(report)).not.toEqual([]);
    expect(outcomes(report)).toEqual(["pass"]);
    expect(code).toBe(0);
  });

  it("has its limit measured where the trials themselves do not meet it", async () => {
    const text = site({ http: "limit_conn_zone $binary_remote_addr zone=c:1m;", location: "limit_conn c 5; limit_conn_status 429;" });
    const { code, report } = await checkedFor({ headers: "promptly" }, "unmet", text);
    expect(aloneIn(report)).toEqual([]);
    expect(report.findings.map(({ says }) => says)).toEqual(["limit_conn c 5 refuses the 6th concurrent stream of one address (429)"]);
    expect(code).toBe(0);
  });

  it("is not accused where a browser's streams all pass", async () => {
    const text = site({ http: "limit_conn_zone $binary_remote_addr zone=c:1m;", location: "limit_conn c 6; limit_conn_status 429;" });
    const { code, report } = await checkedFor({ headers: "promptly" }, "met", text);
    expect([report.findings, code]).toEqual([[], 0]);
  });

  it("is not blamed for delaying them; a buffer after such a limit is still found, with its fix and no other change", async () => {
    const { code, report, edits } = await checkedFor(
      { deliver: "incrementally", end: "visibly" },
      "requests",
      site({ http: "limit_req_zone $binary_remote_addr zone=r:1m rate=2r/s;", location: "limit_req zone=r burst=8;" }).replace(
        "    proxy_buffering off;\n",
        "    proxy_buffering on;\n",
      ),
      "ndjson",
    );
    // Only large records show it.
    const held = report.findings.filter(({ level }) => level === "warning");
    expect(held.length).toBeGreaterThanOrEqual(1);
    for (const { culprit } of held) expect(culprit).toMatchObject({ at: { line: 10 }, directive: "proxy_buffering on" });
    expect(report.findings.filter(({ level }) => level !== "warning").map(briefly)).toEqual([
      {
        rule: "refused",
        level: "note",
        line: 11,
        says: expect.stringMatching(
          /^limit_req zone=r burst=8 delays the 2nd of the requests that one address sends at once \(by up to \d+ ms\)$/,
        ),
        diff: expect.stringMatching(/^\+ {4}limit_req zone=r burst=8 nodelay;$/m),
      },
    ]);
    expect(code).toBe(0);
    // A limit may well be meant: its fix is shown, and not made.
    expect(edits.length).toBeGreaterThanOrEqual(1);
    expect(edits.filter(({ text }) => text.includes("limit_req"))).toEqual([]);
  });
});

it("a hop of a run that refuses a third request at a time is asked alone, and accused of nothing", async () => {
  const hop = `${process.execPath} ${join(import.meta.dirname, "strangers/two-at-a-time.mjs")}`;
  const grep = "lock-step|header-hold|origin-abort|late-joiner";
  const ended = await hopwise(["run", "--hop", hop, "--grep", grep, "--runtime", "process", "--reporter", "json"], { folder });
  const { scenarios } = reportOf(ended);
  expect(scenarios.map(({ id, outcome, why }) => [id, outcome === "pass" ? "pass" : why])).toEqual(scenarios.map(({ id }) => [id, "pass"]));
  expect(scenarios.filter(({ attempts }) => attempts === 2).length).toBeGreaterThanOrEqual(1);
  expect(ended.code).toBe(0);
});

describeWithEngine("a server whose upstream is reached by TLS", () => {
  it("is answered for", async () => {
    const text = site({ pass: "https://web:8443", location: "proxy_ssl_server_name on;" });
    const { code, report } = await checkedFor({ deliver: "incrementally", surviveSilenceMs: 1000 }, "tls", text);
    expect([report.findings, outcomes(report), code]).toEqual([[], ["pass"], 0]);
  });

  it("also where it verifies the certificate: what it trusts is a stub", async () => {
    const verified =
      "location /verified { proxy_pass https://web:8443; proxy_ssl_verify on; proxy_ssl_trusted_certificate /etc/ssl/ca.pem; }";
    const { code, report } = await checkedFor({ end: "visibly" }, "verified", site({ server: verified }));
    expect(report.notChecked).toEqual([]);
    expect(report.stubs.map(({ what }) => what)).toContain("the certificate of the scripted upstream at /etc/ssl/ca.pem");
    expect(report.routes.map(({ id }) => id)).toContain("app.example/verified");
    expect(outcomes(report)).not.toContain("harness-fault");
    expect(report.routes.length).toBe(2);
    expect(code).not.toBe(3);
  });
});

describeWithEngine("a server that cannot work with the scripted upstream", () => {
  it("is not accused where it removes the mark of a trial: without the header field time tells, without all of it nothing does", async () => {
    const fixed = "location /fixed { set $fixed /a; proxy_pass http://app$fixed; proxy_pass_request_headers off; }";
    const { report } = await checkedFor(
      { source: "origin", headers: "promptly", surviveSilenceMs: 1000 },
      "marks",
      site({ server: fixed, location: "proxy_pass_request_headers off;" }),
    );
    expect(report.findings).toEqual([]);
    const why = (route: string, check: string): string =>
      report.routes.find(({ id }) => id.endsWith(route))?.checks.find((one) => one.check === check)?.scenario.why ?? "";
    const outcomeOf = (check: string) =>
      report.routes.find(({ id }) => id.endsWith("/events"))?.checks.find((one) => one.check === check)?.scenario.outcome;
    expect(outcomeOf("late-joiner")).toBe("pass");
    expect(why("/fixed", "headers")).toMatch(
      /^the request reached the scripted upstream \(web:8000\) without the mark of its trial .*saw GET \/a /,
    );
    expect(outcomeOf("headers")).toBe("pass");
  });

  it("nor where it does not reach it", async () => {
    const { code, report } = await checkedFor(
      { headers: "promptly", surviveSilenceMs: 1000 },
      "unreached",
      site({ location: "set $backend app.example;", pass: "http://$backend:8000" }),
    );
    expect(report.findings).toEqual([]);
    expect(outcomes(report)).toEqual(["harness-fault"]);
    expect(report.routes[0]?.checks[0]?.scenario.why).toMatch(
      /^nginx answered 502, and nothing of the request reached the scripted upstream \(app\.example:8000\)/,
    );
    expect(code).toBe(3);
  });
});

describeWithEngine("stubs", () => {
  it("one that makes nginx refuse the configuration is withdrawn; none is ever in a diff or in what is written", async () => {
    const text = `keepalive_timeout 300;
access_log /var/log/nginx/app.log main;
upstream app { server web:8000; }
server {
  listen 443 ssl; server_name app.example;
  ssl_certificate /etc/letsencrypt/live/app/fullchain.pem;
  ssl_certificate_key /etc/letsencrypt/live/app/privkey.pem;
  include /etc/letsencrypt/options-ssl-nginx.conf;
  ssl_session_timeout 1d;
  location /events {
    proxy_pass http://app;
    proxy_http_version 1.1;
    proxy_buffering on;
  }
}
`;
    const { code, report } = await checked("stubs", text, "--write");
    expect(report.stubs.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "a main file at /etc/nginx/nginx.conf with the log format main: the given files have no http block",
      expect.stringMatching(
        /^certbot's options for TLS at \S+: withdrawn: with this stub nginx refuses the configuration: .*"ssl_session_timeout" directive is duplicate in site\.conf:9$/,
      ),
      expect.stringContaining("a certificate for app.example at /etc/letsencrypt/live/app/fullchain.pem"),
    ]);
    expect(report.files).toEqual(["site.conf"]);
    expect(report.findings.map(({ rule }) => rule)).toContain("buffered");
    for (const { at, fix } of report.findings.filter(({ rule }) => rule !== "timed-out")) {
      expect([at.file, at.line]).toEqual(["site.conf", 13]);
      expect(fix?.diff?.match(/^(?:---|\+\+\+) \S+/gm)).toEqual(["--- a/site.conf", "+++ b/site.conf"]);
    }
    expect(code).toBe(1);
    const written = await readFile(join(folder, "stubs/site.conf"), "utf8");
    // One line less or more, and every other as it was.
    expect(text.split("\n").filter((line) => !written.split("\n").includes(line))).toEqual(["    proxy_buffering on;"]);
    expect(written).not.toMatch(/log_format|ssl_protocols|BEGIN CERTIFICATE/);
  });
});
