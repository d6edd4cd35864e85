// A refusal because of a stub: which of them is withdrawn, and whose words are passed on. With real nginx: test/e2e/check-own-doing.test.ts.
import { expect, it } from "vitest";
import type { Deployment } from "../../../harness/check/configuration.ts";
import { changedBy } from "../../../harness/check/server.ts";
import type { CheckedConfig } from "../../../harness/check/server.ts";
import type { ServerUnderTest } from "../../../harness/check/start-server.ts";
import { startWithStubs } from "../../../harness/check/stubs.ts";
import { AuthorError, EnvironmentError } from "../../../harness/errors.ts";

const place = { file: "site.conf", line: 3, column: 1, start: 0, end: 1 };
const options = "/etc/letsencrypt/options-ssl-nginx.conf";
const deployment = {
  main: "/etc/nginx/nginx.conf",
  files: [{ path: "site.conf", target: "/etc/nginx/conf.d/default.conf", text: "server {}", bytes: Buffer.from("server {}") }],
  entries: [
    { kind: "file", target: "/etc/nginx/nginx.conf", body: "http {}" },
    { kind: "folder", target: "/data" },
    { kind: "file", target: options, body: "ssl_protocols TLSv1.3;", isIncluded: true },
    { kind: "certificate", certificateTarget: "/etc/ssl/a.pem", keyTarget: "/etc/ssl/a.key", names: ["a"] },
  ],
  stubs: [
    { what: "a main file", why: "there is none", place: null, targets: ["/etc/nginx/nginx.conf"] },
    { what: "the folder /data", why: "it is named", place, targets: ["/data"] },
    { what: "certbot's options", why: "they are named", place, targets: [options] },
    { what: "a certificate", why: "it is named", place, targets: ["/etc/ssl/a.pem"] },
    { what: "the address 10.0.0.1", why: "it is listened on", place },
  ],
} as unknown as Deployment;

const configOf = (known: Deployment): CheckedConfig =>
  ({
    deployment: known,
    isAbout: (refusal, target) => refusal.includes(target),
    with: (change) => configOf(changedBy({ ...known, routes: [] }, change)),
  }) as CheckedConfig;

const has = ({ deployment: { entries } }: CheckedConfig, target: string): boolean =>
  entries.some((entry) => entry.kind !== "certificate" && entry.target === target && !(entry.kind === "file" && entry.body === ""));

/** What the server says to a configuration; null: it takes it. */
const startedWith = async (refusalOf: (config: CheckedConfig) => Error | null) => {
  const [asked, stopped]: [CheckedConfig[], ServerUnderTest[]] = [[], []];
  const start = async (one: CheckedConfig): Promise<ServerUnderTest> => {
    asked.push(one);
    const refusal = refusalOf(one);
    if (refusal) throw refusal;
    return { key: `server-${asked.length}` } as ServerUnderTest;
  };
  const ended = await startWithStubs(configOf(deployment), start, async (one) => void stopped.push(one)).catch((error: Error) => error);
  return { ended, asked, stopped };
};

const duplicate = new AuthorError('nginx refuses the configuration: "ssl_protocols" directive is duplicate in site.conf:9');

it("none is touched where the server takes them", async () => {
  const { ended, asked } = await startedWith(() => null);
  expect(ended).toMatchObject({ config: { deployment } });
  expect(asked).toMatchObject([{ deployment }]);
});

it("the one without which the server takes the configuration is withdrawn, and the report says so", async () => {
  const { ended, stopped } = await startedWith((one) => (has(one, options) ? duplicate : null));
  expect(ended).toMatchObject({
    config: {
      deployment: {
        files: deployment.files,
        stubs: [
          deployment.stubs[0],
          deployment.stubs[1],
          { what: "certbot's options: withdrawn", why: `with this stub ${duplicate.message}`, place },
          ...deployment.stubs.slice(3),
        ],
      },
    },
  });
  // What includes it still finds a file.
  const { entries } = (ended as { config: CheckedConfig }).config.deployment;
  expect(entries.find((entry) => entry.kind === "file" && entry.target === options)).toMatchObject({ body: "" });
  expect(entries).toHaveLength(deployment.entries.length);
  expect(stopped).toEqual([]);
});

it("where several would do the first stays, and the servers without the others are stopped", async () => {
  const { ended, stopped } = await startedWith((one) => (has(one, options) && has(one, "/data") ? duplicate : null));
  expect(ended).toMatchObject({
    config: { deployment: { stubs: expect.arrayContaining([expect.objectContaining({ what: "the folder /data: withdrawn" })]) } },
  });
  expect(stopped).toHaveLength(1);
});

it("a refusal that no stub has to do with is passed on as it is", async () => {
  expect((await startedWith(() => duplicate)).ended).toEqual(duplicate);
});

it("a refusal that names a stub says that it is one", async () => {
  const { ended } = await startedWith(
    () => new AuthorError("nginx refuses the configuration: unknown directive in /etc/nginx/nginx.conf:7"),
  );
  expect(ended).toMatchObject({
    message:
      "nginx refuses the configuration: unknown directive in /etc/nginx/nginx.conf:7 (this is a stub of Hopwise's, not a file of yours: a main file, since there is none)",
  });
});

it("what is wrong beside a stub is what its user has to know", async () => {
  const named = new AuthorError(`nginx refuses the configuration: duplicate in ${options}:1`);
  const { ended } = await startedWith((one) => (has(one, options) ? named : duplicate));
  expect(ended).toEqual(duplicate);
});

it("an engine that fails is no refusal: no stub is suspected", async () => {
  const { ended, asked } = await startedWith(() => new EnvironmentError("socket hang up"));
  expect(ended).toEqual(new EnvironmentError("socket hang up"));
  expect(asked).toHaveLength(1);
});
