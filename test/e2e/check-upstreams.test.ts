// What a configuration forwards to besides plain HTTP over TCP: sockets, TLS, uwsgi, FastCGI, SCGI, gRPC.
import { expect, it } from "vitest";
import type { CheckReport } from "../../harness/report/check-report.ts";
import { describeWithEngine } from "./engine.ts";
import { checkedIn } from "./reality/_checked.ts";

const rulesOn = ({ findings }: CheckReport, route: string): string[] =>
  [
    ...new Set(
      findings
        .filter((one) => one.route === route && one.rule !== "no-effect" && one.level !== "note")
        .map(({ rule, culprit }) => `${rule} ${culprit?.directive ?? "unproven"}`),
    ),
  ].toSorted();

const faultsOf = ({ routes }: CheckReport): string[] =>
  routes.flatMap(({ id, checks }) =>
    checks
      .filter(({ scenario }) => scenario.outcome === "harness-fault" || scenario.outcome === "inconclusive")
      .map(({ check, scenario }) => `${id} ${check}: ${scenario.why}`),
  );

describeWithEngine("upstreams", () => {
  it("on unix sockets are answered for", async () => {
    const { report } = await checkedIn("sockets", "site.conf", "--for", "ndjson");
    expect(report.notChecked).toEqual([]);
    expect(faultsOf(report)).toEqual([]);
    expect(rulesOn(report, "forum.example/bus/")).toEqual([]);
    expect(rulesOn(report, "forum.example/export.csv").map((rule) => rule.split(" ")[0])).toEqual(expect.arrayContaining(["buffered"]));
  });

  it("by TLS, with a certificate that is verified, and without the trial's header field", async () => {
    const { report } = await checkedIn("tls-upstream", "nginx.conf", "--for", "ndjson");
    expect(report.notChecked).toEqual([]);
    expect(faultsOf(report)).toEqual([]);
    expect(rulesOn(report, "front.example/v1/")).toEqual([]);
    expect(rulesOn(report, "front.example/avatars/")).toEqual([]);
  });

  it("by TLS, against a list of revoked certificates: of files that are there, and of others; clients have one, too", async () => {
    const { report, code } = await checkedIn("revoked", "nginx.conf", "--for", "ndjson");
    expect(report.notChecked).toEqual([]);
    expect(faultsOf(report)).toEqual([]);
    const routes = ["front.example/v1/", "front.example/v2/", "members.example/", "guests.example/"];
    expect(report.routes.map(({ id }) => id)).toEqual(routes);
    expect(routes.flatMap((route) => rulesOn(report, route))).toEqual([]);
    expect(report.stubs.flatMap(({ what }) => /.*revoked.*|.*-crl.*/.exec(what) ?? [])).toEqual([
      "a list without revoked certificates at /etc/tls/mesh/revoked.pem",
      "a list without revoked certificates at /etc/nginx/tls/house-crl.pem",
      "a list without revoked certificates at /etc/tls/clients-revoked.pem",
    ]);
    expect(code).toBe(0);
  });

  it("by uwsgi, FastCGI, SCGI and gRPC", async () => {
    const { report } = await checkedIn("cgi", "nginx.conf");
    expect(report.notChecked).toEqual([]);
    expect(faultsOf(report)).toEqual([]);
    expect(rulesOn(report, "app.example/django/")).toContain("buffered uwsgi_buffering off");
    expect(rulesOn(report, "app.example/django-unbuffered/")).toEqual([]);
    const [php] = report.routes.filter(({ title }) => title.includes("php"));
    expect(rulesOn(report, php?.id ?? "")).toContain("buffered fastcgi_buffering off");
    expect(rulesOn(report, "app.example/scgi/")).toEqual([]);
    expect(rulesOn(report, "app.example/grpc/")).toEqual([]);
    const held = report.findings.find(({ rule, route }) => rule === "buffered" && route === "app.example/django/");
    expect(held?.fix?.diff).toMatch(/^\+ +uwsgi_buffering off;$/m);
  });
});
