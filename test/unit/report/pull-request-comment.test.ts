// The comment of the action, against a server that keeps comments as GitHub's API does.
import { execFile } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { json } from "node:stream/consumers";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { packageRoot } from "../../../harness/catalog/package-root.ts";

const folder = mkdtempSync(join(tmpdir(), "hopwise-comment-"));
let comments: { id: number; body: string }[] = [];
let answers = 200;
const seen: string[] = [];

const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  seen.push(`${request.method} ${request.url} ${request.headers.authorization}`);
  const { pathname, searchParams } = new URL(request.url ?? "", "http://localhost");
  const send = (value: unknown): void =>
    void response.writeHead(answers, { "content-type": "application/json" }).end(JSON.stringify(value));
  if (request.method === "GET") {
    const page = Number(searchParams.get("page"));
    return send(comments.slice(100 * (page - 1), 100 * page));
  }
  const { body } = (await json(request)) as { body: string };
  if (request.method === "POST") comments.push({ id: comments.length + 1, body });
  else comments = comments.map((one) => (pathname.endsWith(`/comments/${one.id}`) ? { ...one, body } : one));
  return send({});
};

const server = createServer((request, response) => void answer(request, response));

beforeAll(async () => {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
});
afterAll(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});
beforeEach(() => {
  comments = [];
  answers = 200;
  seen.length = 0;
});

const post = async (text: string, about = "nginx.conf", event: object = { pull_request: { number: 7 } }): Promise<string> => {
  writeFileSync(join(folder, "event.json"), JSON.stringify(event));
  writeFileSync(join(folder, "report.md"), text);
  const { stdout } = await promisify(execFile)(process.execPath, [join(packageRoot, "scripts/pull-request-comment.ts")], {
    env: {
      COMMENT_TOKEN: "secret",
      COMMENT_FILE: join(folder, "report.md"),
      COMMENT_ABOUT: about,
      GITHUB_API_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      GITHUB_REPOSITORY: "a/b",
      GITHUB_EVENT_PATH: join(folder, "event.json"),
    },
  });
  return stdout;
};

const bodies = () => comments.map(({ body }) => body.replace(/^<!-- hopwise [\da-f]{16} -->\n/, ""));

test("the first run posts a comment, the next one updates it", async () => {
  await post("one");
  await post("two");
  expect(bodies()).toEqual(["two"]);
  expect(seen[0]).toBe("GET /repos/a/b/issues/7/comments?per_page=100&page=1 Bearer secret");
});

test("each configuration has its own, and the comments of people are left alone", async () => {
  comments = [{ id: 99, body: "<!-- hopwise --> look at this" }];
  await post("edge", "edge.conf");
  await post("inner", "inner.conf");
  await post("edge again", "edge.conf");
  expect(bodies()).toEqual(["<!-- hopwise --> look at this", "edge again", "inner"]);
});

test("it is found among more comments than one page has", async () => {
  await post("one");
  const [own] = comments;
  comments = [...Array.from({ length: 130 }, (_, index) => ({ id: 1000 + index, body: "me too" })), own!];
  await post("two");
  expect(comments).toHaveLength(131);
  expect(bodies().at(-1)).toBe("two");
});

test("outside of a pull request nothing is posted", async () => {
  expect(await post("one", "nginx.conf", {})).toContain("no pull request");
  expect(seen).toEqual([]);
});

test("a token that may not write is named as the cause", async () => {
  answers = 403;
  await expect(post("one")).rejects.toThrow(/answered with 403: does the token have "pull-requests: write"\?/);
});
