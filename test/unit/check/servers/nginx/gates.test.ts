// What turns requests away: requests that carry what is asked for are found, and rules that none gets past are left out.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, it } from "vitest";
import { contentOf } from "../../../../../harness/check/servers/nginx/template.ts";
import { readText, refusalOf } from "./_folder.ts";

const given = readFileSync(join(import.meta.dirname, "../../../../e2e/gates/nginx.conf"), "utf8");

it("requests carry what conditions and maps ask for, and it is said", async () => {
  const { routes, requestHeaders, stubs } = await readText(given);
  const asks = Object.fromEntries(routes.map(({ id, path }) => [path, requestHeaders[id] ?? []]));
  expect(asks).toMatchObject({
    "/addresses": [],
    "/office": [],
    "/key": [["X-Api-Key", "k-4711"]],
    "/token": [["Authorization", expect.stringMatching(/^Bearer [a-z]+-\d{4}$/)]],
    "/plan": [["Cookie", "plan=gold"]],
    "/argument?ticket=hopwise": [],
    "/pair": [
      ["X-One", "a"],
      ["Cookie", expect.stringMatching(/^two=b\d$/)],
    ],
    "/referer": [["Referer", expect.stringMatching(/^https:\/\/(?:gates\.example|www\.partner\.example)\/$/)]],
    "/password": [["authorization", expect.stringMatching(/^Basic /)]],
  });
  const said = stubs.map(({ what, why }) => `${what}: ${why}`);
  expect(said).toContain("the header field x-api-key in requests to gates.example/key: without it they are turned away");
  expect(said).toContain("the cookie plan in requests to gates.example/plan: without it they are turned away");
  expect(said).toContain("the argument ticket: hopwise in requests to gates.example/argument: without it they are turned away");
  expect(said.join("\n")).not.toContain("k-4711");
});

it("nginx does not get the rules that nothing gets past, and every line keeps its number", async () => {
  const configuration = await readText(given);
  const [file] = configuration.files;
  const content = Buffer.from(contentOf(configuration, file!)).toString();
  expect(content.split("\n")).toHaveLength(given.split("\n").length);
  for (const gone of ["allow 10.0.0.0/8;", "deny 172.16.0.0/12;", "if ($office = 0)", "ssl_verify_client on;", "if ($no)"])
    expect(content).not.toContain(gone);
  for (const kept of [
    "if ($http_x_api_key",
    "if ($invalid_referer)",
    "limit_except GET HEAD POST { deny all; }",
    "auth_basic",
    "if ($is_paying = no)",
    'if ($secure_link = "0")',
    "if ($secure_link != 1)",
    "secure_link_secret word;",
  ])
    expect(content).toContain(kept);
  expect(configuration.stubs.filter(({ what }) => what.startsWith("nginx without")).map(({ what }) => what)).toEqual([
    "nginx without its rules by address",
    "nginx without ssl_verify_client on",
    "nginx without the condition if ($office = 0)",
    "nginx without the condition if ($secure_link =)",
    "nginx without the condition if ($no)",
    "nginx without the condition if ($ssl_client_verify != SUCCESS)",
  ]);
});

const md5 = (text: string, encoding: "base64url" | "hex" = "base64url"): string => createHash("md5").update(text).digest(encoding);

/** In the future, whatever the date. */
const until = 4_102_444_800;

it("links are signed as nginx verifies them, and the signature is not shown", async () => {
  const { routes, requestHeaders, stubs, signatures } = await readText(given);
  const routeAt = (start: string) => routes.find(({ id }) => id.startsWith(`gates.example${start}`));
  expect(routeAt("/signed")?.path).toBe(`/signed?md5=${md5(`secret/signed${until}`)}&expires=${until}`);
  const forOne = md5(`${until}/signed-for-one192.0.2.1 secret`);
  expect(routeAt("/signed-for-one")?.path).toBe(`/signed-for-one?st=${forOne}&e=${until}`);
  expect(requestHeaders["gates.example/signed-cookie"]).toEqual([["Cookie", `pass=${md5("gates.example/signed-cookie secret")}`]]);
  const [, signature, expires, file] = /^\/signed-path\/([^/]+)\/(\d+)\/(\w+)$/.exec(routeAt("/signed-path/")?.path ?? "") ?? [];
  expect([signature, expires]).toEqual([md5(`${until}/${file} secret`), String(until)]);
  // The mark of a trial in the query would be part of what is signed.
  expect(routeAt("/links/")).toMatchObject({
    path: `/links/${md5("eventsword", "hex")}/events`,
    isUnmarked: true,
    title: "location /behind/",
  });
  expect(routeAt("/signed-method")?.path).toBe("/signed-method");
  // Which address the lab's clients have is known when they run.
  expect(signatures).toHaveLength(5);
  expect(signatures.filter(({ of }) => of.includes("192.0.2.1"))).toEqual([
    { made: forOne, of: `${until}/signed-for-one192.0.2.1 secret`, encoding: "base64url" } satisfies NonNullable<typeof signatures>[number],
  ]);
  const said = stubs.map(({ what, why }) => `${what}: ${why}`);
  expect(said).toContain(
    `a signed link in requests to gates.example/signed: ?md5=…&expires=${until}: site.conf:29 (secure_link_md5) lets nothing else through`,
  );
  expect(said).toContain(
    "a signed link in requests to gates.example/links/: /links/…/events: site.conf:54 (secure_link_secret) lets nothing else through",
  );
  expect(said.join("\n")).not.toContain(md5(`secret/signed${until}`));
});

it.each([
  // Whoever gives a signature sends it as it is, and nginx does not verify it.
  [
    "/dl/a?md5=wrong&expires=4102444800",
    'secure_link $arg_md5,$arg_expires; secure_link_md5 "$uri s";',
    "/dl/a?md5=wrong&expires=4102444800",
  ],
  ["/dl/a?v=1", 'secure_link $arg_md5; secure_link_md5 "$uri$arg_v s";', `/dl/a?v=1&md5=${md5("/dl/a1 s")}`],
  [
    "/dl/a?expires=7",
    'secure_link $arg_md5,$arg_expires; secure_link_md5 "$uri$secure_link_expires s";',
    `/dl/a?expires=7&md5=${md5("/dl/a7 s")}`,
  ],
])("%s with %s", async (path, lines, sent) => {
  const text = site(`location /dl/ { ${lines} if ($secure_link = "") { return 403; } proxy_pass http://app; }`);
  expect((await readText(text, { path })).routes.map((route) => route.path)).toEqual([sent]);
});

/** What was found to get past, and what is left out. */
const passageOf = async (lines: string): Promise<unknown> => {
  const text = site(`location /x/ { ${lines} proxy_pass http://app; }`);
  const { routes, requestHeaders, stubs } = await readText(text);
  const without = stubs.filter(({ what }) => what.startsWith("nginx without")).map(({ what }) => what);
  const signed = stubs.filter(({ what }) => what.startsWith("a signed link")).length;
  return { path: routes[0]?.path, headers: Object.values(requestHeaders)[0] ?? [], signed, without };
};

const linkOf = (text: string): string => `secure_link $arg_md5; secure_link_md5 "${text}"; if ($secure_link = "") { return 403; }`;

it("a link is signed again with what a later condition asks for", async () => {
  const secret = 'secure_link_secret word; if ($secure_link = "") { return 403; }';
  expect(await passageOf(`${secret} if ($arg_k != "v") { return 403; }`)).toEqual({
    path: `/x/${md5("events?k=vword", "hex")}/events?k=v`,
    headers: [],
    signed: 1,
    without: [],
  });
  expect(await passageOf(`${secret} if ($arg_k != "v") { return 403; } if ($arg_l !~ "^[b]$") { return 403; }`)).toMatchObject({
    path: `/x/${md5("events?k=v&l=bword", "hex")}/events?k=v&l=b`,
    without: [],
  });
  // The other one first.
  expect(await passageOf(`if ($arg_k != "v") { return 403; } ${secret}`)).toMatchObject({
    path: `/x/${md5("events?k=vword", "hex")}/events?k=v`,
    without: [],
  });
  expect(await passageOf(`${linkOf("$uri$cookie_user s")} if ($cookie_user != me) { return 403; }`)).toEqual({
    path: `/x/?md5=${md5("/x/me s")}`,
    headers: [["Cookie", "user=me"]],
    signed: 1,
    without: [],
  });
});

it("with a later condition that no request gets past, the signature stays", async () => {
  expect(await passageOf(`${linkOf("$uri s")} if ($remote_addr !~ "^10[.]") { return 403; }`)).toMatchObject({
    path: `/x/?md5=${md5("/x/ s")}`,
    signed: 1,
    without: ["nginx without the condition if ($remote_addr !~ ^10[.])"],
  });
});

it("a signature in the path is made again in the same part", async () => {
  const text = site(
    `location ~ ^/f/(?<sig>[^/]+)/(?<file>[^/]+)$ { secure_link $sig; secure_link_md5 "$file$cookie_user s"; if ($secure_link = "") { return 403; }
     if ($cookie_user !~ "^u[0-9]$") { return 403; } proxy_pass http://app; }`,
  );
  const { routes, requestHeaders } = await readText(text);
  const [, sent, file] = /^\/f\/([^/]+)\/(.+)$/.exec(routes[0]?.path ?? "") ?? [];
  const cookie = Object.values(requestHeaders)[0]?.[0]?.[1] ?? "";
  expect(cookie).toMatch(/^user=u\d$/);
  expect(sent).toBe(md5(`${file}${cookie.slice("user=".length)} s`));
});

const site = (inner: string): string => `server { listen 80; server_name a; ${inner} }\n`;

it("what is for nobody stays as it is", async () => {
  const text = site("location /x { deny all; proxy_pass http://app; } location / { proxy_pass http://app; }");
  const { routes, masks, notChecked } = await readText(text);
  expect([routes.map(({ title }) => title), masks?.size, notChecked.map(({ what }) => what)]).toEqual([["location /"], 0, ["location /x"]]);
});

it("rules for what nginx answers by itself stay", async () => {
  const text = site("location /status { allow 127.0.0.1; deny all; stub_status; } location / { proxy_pass http://app; }");
  const { masks, stubs } = await readText(text);
  expect([masks?.size, stubs.filter(({ what }) => what.startsWith("nginx without"))]).toEqual([0, []]);
});

it("ways of their own are no guards: an upgrade, a method, the scheme", async () => {
  const text = site(
    "location / { if ($http_upgrade != websocket) { return 426; } proxy_pass http://app; } location /a { proxy_pass http://app; }",
  );
  expect((await readText(text)).routes.map(({ title }) => title)).toEqual(["location /a"]);
});

it.each([
  ['if ($http_user_agent !~ "Mozilla/5") { return 403; }', [["User-Agent", "Mozilla/5"]]],
  ['if ($http_user_agent ~* "curl|wget") { return 403; }', undefined],
  ['if ($http_x_forwarded_proto != "https") { return 301 https://$host$request_uri; }', [["X-Forwarded-Proto", "https"]]],
  ['if ($http_cf_connecting_ip = "") { return 403; }', [["Cf-Connecting-Ip", "hopwise"]]],
])("%s", async (guard, headers) => {
  const { routes, requestHeaders } = await readText(site(`location / { ${guard} proxy_pass http://app; }`));
  expect(Object.values(requestHeaders)[0]).toEqual(headers);
  expect(routes).toHaveLength(1);
});

it("header fields and arguments that are given count, and are sent with every request", async () => {
  const text = site("location / { if ($http_x_role != admin) { return 403; } if ($arg_v != 2) { return 400; } proxy_pass http://app; }");
  const { routes, requestHeaders, stubs } = await readText(text, {
    path: "/x?v=2",
    headers: [
      ["X-Role", "admin"],
      ["X-More", "1"],
    ],
  });
  expect([routes[0]?.path, Object.values(requestHeaders)]).toEqual([
    "/x?v=2",
    [
      [
        ["X-Role", "admin"],
        ["X-More", "1"],
      ],
    ],
  ]);
  expect(stubs.map(({ what }) => what).filter((what) => !what.startsWith("a main file"))).toEqual([]);
});

it("a path that another location takes is explained with both lines", async () => {
  const text = `server { listen 80;
  location /api/ { proxy_pass http://app; }
  location ~ \\.json$ { root /srv; }
  location /old { return 410; }
  location / { proxy_pass http://app; }
}`;
  expect(await refusalOf(text, { path: "/api/feed.json" })).toContain(
    "location ~ \\.json$ (line 3) takes /api/feed.json, and nginx itself answers it with a file; location /api/ (line 2) would forward it",
  );
  expect(await refusalOf(text, { path: "/old" })).toContain(
    "location /old (line 4) takes /old, and return in line 4 answers it; location / (line 5) would forward it",
  );
});
