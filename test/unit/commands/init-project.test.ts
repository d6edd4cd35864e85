// What `hopwise init` finds in a project: configurations, their routes, and which of them stream.
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, expect, it } from "vitest";
import { configurationsIn, settingsFor } from "../../../harness/commands/init-project.ts";

let folder = "";
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const project = (files: Record<string, string>): string => {
  folder = mkdtempSync(join(tmpdir(), "hopwise-init-"));
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), text);
  }
  return folder;
};

const site = `server {
  listen 80;
  server_name app.example;
  location /v1/chat/completions { proxy_pass http://llm:8000; proxy_buffering off; }
  location /mcp { proxy_pass http://tools:9000; }
  location /message-bus/ { proxy_pass http://web:3000; }
  location /events { proxy_pass http://web:3000; }
  location /api/ { proxy_pass http://web:3000; }
}
`;

it("finds a whole configuration and a compose file, not what others include, nor what is installed", async () => {
  const found = await configurationsIn(
    project({
      "deploy/nginx.conf": `events {}\nhttp { include conf.d/*.conf; }\n`,
      "deploy/conf.d/app.conf": site,
      "docker-compose.yml": `services:\n  web:\n    image: nginx:1.26\n    volumes: [./deploy/nginx.conf:/etc/nginx/nginx.conf, ./deploy/conf.d:/etc/nginx/conf.d]\n`,
      "node_modules/x/nginx.conf": `events {}\nhttp { server { location / { proxy_pass http://a; } } }\n`,
      "broken/nginx.conf": "events {",
    }),
  );
  expect(found.map(({ given }) => given)).toEqual(["docker-compose.yml", "deploy/nginx.conf"]);
  expect(found[0]?.routes.map(({ path, purpose }) => [path, purpose])).toEqual([
    ["/v1/chat/completions", "llm"],
    ["/mcp", "mcp"],
    ["/message-bus/", "long-polling"],
    ["/events", "sse"],
    ["/api/", null],
  ]);
});

it("writes the streaming routes of a project, each with its purpose", async () => {
  const found = await configurationsIn(project({ "site.conf": site }));
  expect(settingsFor(found)).toBe(`# What hopwise check requires of this project: findings on all other routes are notes.
routes:
  - path: /v1/chat/completions
    host: app.example
    for: llm
  - path: /mcp
    host: app.example
    for: mcp
  - path: /message-bus/
    host: app.example
    for: long-polling
  - path: /events
    host: app.example
    for: sse
`);
});

it("finds nothing where there is nothing", async () => {
  expect(await configurationsIn(project({ "package.json": "{}", "settings.conf": "key = value\n" }))).toEqual([]);
});
