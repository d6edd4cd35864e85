// `hopwise probe` over HTTP/3, in a container with Debian's curl, which speaks it, and with nginx and Caddy.
import { realpath } from "node:fs/promises";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { text } from "node:stream/consumers";
import { expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import type { ProbeReport } from "../../harness/report/probe-report.ts";
import { ensureImage } from "../../harness/runtime/images.ts";
import { probings } from "../probe-http3/expected.ts";
import { describeWithEngine, engine } from "./engine.ts";

const recipe = { name: "probe-http3", release: "forky", packages: ["nginx-light", "caddy", "curl", "openssl"] };

/** What the container prints: the report, and the exit code. */
const probedIn = async (args: readonly string[]): Promise<{ report: ProbeReport; code: number }> => {
  const image = await ensureImage(engine(), recipe, () => {});
  const modules = join(packageRoot, "node_modules");
  const [out, said] = [new PassThrough(), new PassThrough()];
  const texts = Promise.all([text(out), text(said)]);
  const [, container] = (await engine().docker.run(image, ["sh", "/repository/test/probe-http3/measure.sh", ...args], [out, said], {
    Tty: false,
    HostConfig: {
      NetworkMode: "none",
      Binds: [`${packageRoot}:/repository:ro`, `${await realpath(modules)}:/repository/node_modules:ro`],
    },
  })) as [unknown, { remove: (options: { force: boolean }) => Promise<void> }];
  await container.remove({ force: true });
  out.end();
  said.end();
  const [printed, errors] = await texts;
  const end = printed.trimEnd().lastIndexOf("\n");
  if (!printed.startsWith("{")) throw new Error(`${printed}\n${errors}`.slice(-2000));
  return { report: JSON.parse(printed.slice(0, end)) as ProbeReport, code: Number(printed.slice(end)) };
};

describeWithEngine("over HTTP/3", () => {
  it.each(probings)("$what", async ({ server, url, finds, concludes, code: expectedCode, arguments: more = [] }) => {
    const { report, code } = await probedIn([server, url, "--insecure", ...more]);
    const [response] = report.responses.filter(({ http }) => http === "3");
    expect({ status: response?.status, version: response?.version }).toEqual({ status: 200, version: "3" });
    expect(response?.findings.map(({ level, facet, kind }) => `${level} ${facet} ${kind}`)).toEqual(expect.arrayContaining(finds));
    expect(report.responses.map(({ http }) => http)).toEqual(more.includes("--http") ? ["3", "3"] : ["2", "2", "1.1", "1.1", "3"]);
    expect(report.conclusions.map((one) => (one.kind === "only-over" ? `${one.facet} ${one.kind} ${one.http}` : one.kind))).toEqual(
      concludes,
    );
    expect({ code, notChecked: report.notChecked }).toEqual({ code: expectedCode, notChecked: [] });
  });

  it("says of a server that does not offer it so, and judges the rest", async () => {
    const { report, code } = await probedIn(["nginx-without", `https://localhost:8443/events?every=300&count=6`, "--insecure"]);
    expect(report.notChecked).toMatchObject([
      { what: "HTTP/3", why: expect.stringMatching(/^localhost:8443 cannot be asked over HTTP\/3 \(curl: /) as string },
    ]);
    expect({ code, asked: report.responses.map(({ http }) => http) }).toEqual({ code: 0, asked: ["2", "2", "1.1", "1.1"] });
  });

  it("leaves a response that is held longer than it watches, also where connecting takes long", async () => {
    const url = "https://localhost:8444/held/events?every=300&count=40";
    const { report, code } = await probedIn(["nginx", url, "--insecure", "--http", "3", "--for", "3"]);
    expect(report.responses.map(({ findings }) => findings.map(({ level, kind }) => `${level} ${kind}`))).toEqual([
      ["open no-answer"],
      ["open no-answer"],
    ]);
    expect({ code, outcome: report.outcome }).toEqual({ code: 3, outcome: "open" });
  });

  it("reads a header field's bytes as over the other versions", async () => {
    const url = "https://localhost:8443/named/events?every=300&count=3";
    const { report } = await probedIn(["nginx", url, "--insecure", "--http", "3", "--origin", url]);
    expect(report.responses.map(({ findings }) => findings.filter(({ facet }) => facet === "about").length)).not.toContain(0);
    expect(report.responses.flatMap(({ findings }) => findings.filter(({ kind }) => kind === "other-fields"))).toEqual([]);
  });
});
