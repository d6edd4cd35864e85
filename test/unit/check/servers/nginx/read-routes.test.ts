import { describe, expect, it } from "vitest";
import { readText, refusalOf } from "./_folder.ts";

/** `http://host:port/path -> upstreams`, one for each route. */
const routesOf = async (text: string, options?: Parameters<typeof readText>[1]): Promise<string[]> =>
  (await readText(text, options)).routes.map(
    ({ tls, http2, host, port, path, upstreams }) =>
      `${tls ? "https" : "http"}${http2 ? "2" : ""}://${host}:${port}${path} -> ${upstreams.join()}`,
  );

const notCheckedOf = async (text: string, options?: Parameters<typeof readText>[1]): Promise<string[]> =>
  (await readText(`${text}\nserver { listen 9999; location / { proxy_pass http://other; } }`, options)).notChecked.map(
    ({ what, why, place }) => `${place.line}: ${what}: ${why}`,
  );

const server = (body: string): string => `server {\n${body}\n}`;
const app = "proxy_pass http://app:8000;";

describe("a location", () => {
  it.each([
    ["location / { # }", "/"],
    ["location /api/ { # }", "/api/"],
    ["location = /sse { # }", "/sse"],
    ["location =/sse { # }", "/sse"],
    ["location ^~ /up { # }", "/up"],
    [String.raw`location ~ \.php$ { # }`, "/a.php"],
    ["location ~ ^/events/(?<id>[0-9]+)$ { # }", "/events/1"],
    [String.raw`location ~* ^/v[0-9]+/x/(stream|feed)/?$ { # }`, "/v1/x/stream"],
    [String.raw`location ~ "^/a{3}\.(json|csv)$" { # }`, "/aaa.json"],
    ["location ~ ^/(?!static/)[a-z]+/$ { # }", "/a/"],
    ["location ~ (?i)^/EVENTS { # }", "/EVENTS"],
    ["location ~ ^/[[:alpha:]]+/[^/]+$ { # }", "/a/a"],
    [String.raw`location ~ ^/(\w+)/\1$ { # }`, "/a/a"],
    ["location /été { # }", "/%C3%A9t%C3%A9"],
    ['location "/a b" { # }', "/a%20b"],
  ])("%s is asked for by a path that it serves", async (location, path) => {
    expect(await routesOf(server(location.replace("#", app)))).toEqual([`http://hopwise.test:80${path} -> app:8000`]);
  });

  it("is asked for by a path that no other one takes", async () => {
    const text = server(`
      location / { ${app} }
      location = / { return 200 home; }
      location ^~ /events { return 404; }
      location ~ ^/api { return 403; }
      location /api/v2 { ${app} }
      location ~ \\.(js|css)$ { root /srv; }
      location ~ ^/a\\d { ${app} }
      location ~ ^/a { return 204; }`);
    expect(await routesOf(text)).toEqual(
      ["http://hopwise.test:80//a/b -> app:8000", "http://hopwise.test:80/a1 -> app:8000"].map((one) => one.replace("//a/b", "/x")),
    );
    expect((await readText(text)).notChecked.map(({ what, why }) => `${what}: ${why}`)).toEqual([
      "location /api/v2: no path was found that it serves; give one with --path",
    ]);
  });

  it("is followed through what leads elsewhere", async () => {
    expect(
      await routesOf(
        server(`
      error_page 418 = @stream;
      location / { try_files $uri $uri/ @app; }
      location @app { ${app} }
      location /stream { return 418; }
      location @stream { proxy_pass http://streams; }
      location /old/ { rewrite ^/old/(.*)$ /new/$1 last; }
      location /new/ { internal; proxy_pass http://new; }
      location /missing { root /srv; error_page 404 = /fallback; }
      location = /fallback { internal; proxy_pass http://fallback:1; }`),
      ),
    ).toEqual([
      "http://hopwise.test:80/events -> app:8000",
      "http://hopwise.test:80/stream -> streams:80",
      "http://hopwise.test:80/old/ -> new:80",
      "http://hopwise.test:80/missing -> fallback:1",
    ]);
  });

  it("is none where nothing is forwarded: redirects, files, what is refused", async () => {
    expect(
      await refusalOf(
        `${server("return 301 https://$host$request_uri;")}
        ${server(`server_name x; if ($host = x) { return 302 /; } location / { ${app} }`)}`,
      ),
    ).toBe(
      "site.conf forwards nothing that can be checked: location / (site.conf:5) is not checked, since no path was found that it serves; give one with --path.",
    );
  });

  it.each([
    ["if", "location / { set $to old; if ($request_method = GET) { proxy_pass http://reads; } proxy_pass http://writes; }", "reads:80"],
    ["a negated if", 'location / { if ($http_upgrade != "") { proxy_pass http://sockets; } proxy_pass http://plain; }', "plain:80"],
    ["limit_except", "location / { limit_except POST { proxy_pass http://reads; } proxy_pass http://writes; }", "reads:80"],
    ["nested", "location /a { location ~ json$ { proxy_pass http://json; } }", "json:80"],
  ])("may hold what forwards in a block of its own: %s", async (_, location, upstream) => {
    expect((await routesOf(server(location)))[0]).toMatch(new RegExp(`-> ${upstream}$`));
  });

  it("that only some requests come to is left out, and said", async () => {
    expect(
      await notCheckedOf(
        server(`location / { if ($http_upgrade) { proxy_pass http://sockets; } proxy_pass http://plain; }
location /files/ { internal; proxy_pass http://files; }
location @nobody { proxy_pass http://nobody; }`),
      ),
    ).toEqual([
      "2: if ($http_upgrade) in location /: no plain GET request comes there",
      "3: location /files/: it is internal, and no request was found that leads there; a response of the application may (X-Accel-Redirect)",
      "4: location @nobody: no plain GET request is led there",
    ]);
  });
});

describe("an if that asks for what the client sends", () => {
  const live = server(`
location /api/live/ {
  if ($http_accept ~ "text/event-stream") { rewrite ^/api/live/(.*)$ /_sse/$1 last; }
  proxy_pass http://grafana:3000;
}
location /_sse/ { internal; proxy_pass http://live:3001; }`);

  it.each<[options: { accept?: string; path?: string }, routes: string[], notChecked: string[]]>([
    [
      {},
      ["http://hopwise.test:80/api/live/ -> grafana:3000"],
      [
        "7: location /_sse/: it is internal, and no request was found that leads there; a response of the application may (X-Accel-Redirect)",
      ],
    ],
    [{ path: "/api/live/x" }, ["http://hopwise.test:80/api/live/x -> grafana:3000"], []],
    [
      { accept: "text/event-stream" },
      ["http://hopwise.test:80/api/live/ -> live:3001"],
      ["3: location /api/live/: the requested path is led to location /_sse/ (line 7)"],
    ],
    [{ accept: "text/event-stream", path: "/api/live/x" }, ["http://hopwise.test:80/api/live/x -> live:3001"], []],
  ])("is answered: %j", async (options, routes, notChecked) => {
    expect(await routesOf(live, options)).toEqual(routes);
    expect(await notCheckedOf(live, options)).toEqual(notChecked);
  });

  it.each([
    ['$http_user_agent = "hopwise"', "a:80"],
    ["$http_accept_language", "b:80"],
    ["$http_cookie ~ session", "b:80"],
  ])("is answered for what it sends and what it does not: if (%s)", async (condition, upstream) => {
    const text = server(`location / { if (${condition}) { proxy_pass http://a; } proxy_pass http://b; }`);
    expect(await routesOf(text)).toEqual([expect.stringMatching(new RegExp(`-> ${upstream}$`))]);
  });

  it("is reported where it cannot be answered, whatever path is given", async () => {
    const text = server("location /x { if ($http_accept_encoding ~ br) { proxy_pass http://a; } proxy_pass http://b; }");
    const why = 'whether the "if" in line 2 holds cannot be determined';
    expect(await refusalOf(text)).toBe(
      `site.conf forwards nothing that can be checked: location /x (site.conf:2) is not checked, since ${why}.`,
    );
    expect(await refusalOf(text, { path: "/x" })).toBe(`site.conf cannot be checked for --path /x: ${why}.`);
  });
});

describe("a server", () => {
  it("is asked by its own name, and by its plain listener", async () => {
    expect(
      await routesOf(`
      server { listen 80 default_server; server_name _; location / { ${app} } }
      server { listen 80; listen 443 ssl; server_name *.shop.example; ssl_certificate a.pem; ssl_certificate_key a.key; location / { ${app} } }
      server { listen 443 ssl http2; server_name ~^(?<user>[a-z]+)\\.home\\.example$; ssl_certificate a.pem; ssl_certificate_key a.key; location / { proxy_pass http://$user.internal:81; } }
      server { listen 8080; listen [::]:8080; server_name .wild.example www.other.*; location / { ${app} } }`),
    ).toEqual([
      "http://hopwise.test:80/ -> app:8000",
      "http://a.shop.example:80/ -> app:8000",
      "https2://a.home.example:443/ -> a.internal:81",
      "http://wild.example:8080/ -> app:8000",
    ]);
  });

  it("that sends plain requests to TLS is asked by TLS", async () => {
    expect(
      await routesOf(
        `server { listen 80; listen 443 ssl; http2 on; server_name a.example; ssl_certificate a; ssl_certificate_key b;
        if ($scheme != "https") { return 301 https://$host$request_uri; } location / { ${app} } }`,
      ),
    ).toEqual(["https2://a.example:443/ -> app:8000"]);
  });

  it("that no request comes to is said to be so", async () => {
    expect(
      await notCheckedOf(`
      server { listen 80; server_name a; location / { ${app} } }
      server { listen 80; location / { ${app} } }
      server { listen 127.0.0.1:81; location / { ${app} } }
      server { listen unix:/run/a.sock; location / { ${app} } }
      server { listen 82 proxy_protocol; location / { ${app} } }
      server { listen 83 ssl; ssl_verify_client on; location / { ${app} } }
      server { listen [::]:84; location / { ${app} } }
      server { listen 85 quic; listen 85 ssl; location / { ${app} } }`),
    ).toEqual([
      "3: location /: another server takes all requests that might come to it",
      "4: location /: listen 127.0.0.1:81 cannot be reached from outside its container by IPv4",
      "5: location /: it listens on a socket of another kind only",
      "6: location /: listen 82 wants the PROXY protocol, which the lab does not speak",
      "8: location /: listen [::]:84 cannot be reached from outside its container by IPv4",
    ]);
  });

  it("takes the port and what is spoken on it from all that share it", async () => {
    expect(
      await routesOf(`
      server { listen 443 ssl http2 default_server; ssl_certificate a; ssl_certificate_key b; return 444; }
      server { listen 443; server_name a.example; location / { ${app} } }`),
    ).toEqual(["https2://a.example:443/ -> app:8000"]);
  });

  it("offers HTTP/3 beside TLS on a port that its own server also has by QUIC, unless that is off", async () => {
    const cert = "ssl_certificate a; ssl_certificate_key b;";
    const { routes } = await readText(`
      server { listen 443 ssl; listen 443 quic reuseport; server_name both.example; ${cert} location / { ${app} } }
      server { listen 443 ssl; listen 443 quic; server_name off.example; http3 off; ${cert} location / { ${app} } }
      server { listen 443 ssl; server_name without.example; ${cert} location / { ${app} } }
      server { listen 8443 ssl; listen 8444 quic; server_name apart.example; ${cert} location / { ${app} } }
      server { listen 9443 ssl; listen [::]:9443 quic; listen 127.0.0.1:9443 quic; server_name v6.example; ${cert} location / { ${app} } }
      server { listen 9444 ssl; listen 9444 quic; ssl_protocols TLSv1.2; server_name old.example; ${cert} location / { ${app} } }
      server { listen 80; listen [::]:443 quic; listen 443 quic; listen 443 ssl; server_name beside.example; ${cert} location / { ${app} } }`);
    expect(
      routes.flatMap(({ host, http3, others = [] }) => [http3, ...others.map((one) => one.http3)].map((one) => `${host} ${one}`)),
    ).toEqual([
      "both.example true",
      "off.example undefined",
      "without.example undefined",
      "apart.example undefined",
      "v6.example undefined",
      "old.example undefined",
      "beside.example undefined",
      "beside.example true",
    ]);
  });
});

describe("upstreams", () => {
  const upstreamsOf = async (text: string): Promise<string[]> =>
    (await readText(text)).upstreams.map(({ scheme, host, port, place }) => `${scheme}://${host}:${port} in ${place.line}`);

  it("are what proxy_pass and upstream blocks name", async () => {
    expect(
      await upstreamsOf(`upstream app {
        server web:8000 weight=3;
        server web2 backup;
        server gone:1 down;
        server unix:/run/app.sock;
      }
      upstream secure { server s.example; }
      server {
        location / { proxy_pass http://app; }
        location /a { proxy_pass https://api.example/v1/; }
        location /b { proxy_pass http://127.0.0.1:3000; }
        location /c { proxy_pass http://[::1]:3001/; }
        location /d { proxy_pass https://secure; }
        location /e { proxy_pass $scheme://plain; }
      }`),
    ).toEqual([
      "http://web:8000 in 2",
      "http://web2:80 in 3",
      "http://unix:/run/app.sock:0 in 5",
      "https://api.example:443 in 10",
      "http://127.0.0.1:3000 in 11",
      "http://[::1]:3001 in 12",
      "https://s.example:80 in 7",
      "http://plain:80 in 14",
    ]);
  });

  it("are found through variables, maps and captures", async () => {
    expect(
      await upstreamsOf(`
      map $http_x_version $pool { default stable; ~^2 canary:81; "" stable; }
      map $host $site { hostnames; *.example a.internal; default b.internal; }
      split_clients $remote_addr $half { 50% one:1; * two:2; }
      upstream stable { server s1; server s2; }
      server {
        server_name x.example;
        set $backend http://web:8000;
        location / { proxy_pass $backend; }
        location /pool { proxy_pass http://$pool$request_uri; }
        location /site { proxy_pass http://$site:88; }
        location /half { proxy_pass http://$half; }
        location ~ ^/u/([a-z]+)/(?<rest>.*) { proxy_pass http://$1.users:90/$rest; }
      }`),
    ).toEqual([
      "http://web:8000 in 9",
      "http://s1:80 in 5",
      "http://s2:80 in 5",
      "http://canary:81 in 10",
      "http://a.internal:88 in 11",
      "http://b.internal:88 in 11",
      "http://one:1 in 12",
      "http://two:2 in 12",
      "http://a.users:90 in 13",
    ]);
  });

  it("that the lab cannot stand for are left out with their line", async () => {
    expect(
      await notCheckedOf(`upstream sock { server unix:/run/app.sock; }
server {
location /a { proxy_pass http://sock; }
location /b { proxy_pass http://unix:/run/b.sock:/; }
location /c { proxy_pass http://$arg_to; }
location /d { proxy_pass http://$remote_user$cookie_x; }
location /e { fastcgi_pass php:9000; }
location /f { uwsgi_pass unix:/run/u.sock; }
location /g { grpc_pass grpc://g:50051; }
location /h { content_by_lua_block { ngx.say("}") } }
location /i { proxy_ssl_verify on; proxy_ssl_crl /etc/revoked.pem; proxy_pass https://strict; }
}`),
    ).toEqual([
      "10: content_by_lua_block: its responses are made by code, not forwarded",
      "5: proxy_pass http://$arg_to: where it leads depends on the request",
      "6: proxy_pass http://$remote_user$cookie_x: where it leads depends on the request",
    ]);
  });

  it("that only a request says are what the user says they are", async () => {
    const text = server(`location /a { proxy_pass http://$arg_to; } location /b { proxy_pass http://$http_x_pool$cookie_port; }`);
    expect((await notCheckedOf(text)).length).toBe(2);
    const { routes, upstreams, requestHeaders } = await readText(text, {
      upstreams: { arg_to: "web:8000", http_x_pool: "pool", cookie_port: ":81" },
    });
    expect(upstreams.map(({ host, port }) => `${host}:${port}`)).toEqual(["web:8000", "pool:81"]);
    expect(routes.map(({ path }) => path)).toEqual(["/a?to=web:8000", "/b"]);
    expect(Object.values(requestHeaders)).toEqual([
      [
        ["x-pool", "pool"],
        ["cookie", "port=:81"],
      ],
    ]);
  });

  it("by sockets and by other protocols than HTTP are answered for", async () => {
    const { upstreams, certifiedNames } = await readText(
      server(`location /a { proxy_pass http://unix:/var/run/b.sock:/x; }
      location /b { fastcgi_pass php:9000; }
      location /c { uwsgi_pass unix:/run/u.sock; }
      location /d { grpc_pass grpcs://g:50051; }
      location /e { scgi_pass s:4000; }
      location /f { proxy_ssl_name inner.example; proxy_pass https://outer.example; }`),
    );
    expect(upstreams.map(({ host, port, scheme, speaks, socket }) => [host, port, scheme, speaks, socket])).toEqual([
      ["unix:/var/run/b.sock", 0, "http", undefined, "/run/b.sock"],
      ["php", 9000, "http", "fastcgi", undefined],
      ["unix:/run/u.sock", 0, "http", "uwsgi", "/run/u.sock"],
      ["g", 50051, "https", "grpc", undefined],
      ["s", 4000, "http", "scgi", undefined],
      ["outer.example", 443, "https", undefined, undefined],
    ]);
    expect(certifiedNames).toEqual(expect.arrayContaining(["g", "inner.example", "outer.example"]));
  });

  it("that are another server of the same configuration are followed to its own", async () => {
    const { upstreams, routes } = await readText(`
      server { listen 80; location / { proxy_pass http://127.0.0.1:8081; } }
      server { listen 127.0.0.1:8081; location / { proxy_pass http://app:3; } }`);
    expect(upstreams.map(({ host, port }) => `${host}:${port}`)).toEqual(["app:3"]);
    expect(routes.map((route) => route.upstreams)).toEqual([["app:3"]]);
  });

  it("that only answer whether a request may pass are no routes", async () => {
    const { routes, upstreams, subrequests } = await readText(
      server(`location / { auth_request /auth; mirror /copy; ${app} }
      location = /auth { internal; proxy_pass http://auth:9000/verify?x=1; proxy_pass_request_body off; }
      location /copy { internal; proxy_pass http://shadow$request_uri; }`),
    );
    expect(routes.map(({ title }) => title)).toEqual(["location /"]);
    expect(upstreams.map(({ host }) => host)).toEqual(["app", "auth", "shadow"]);
    expect(subrequests.map(({ kind, upstreams: to, path }) => [kind, to, path])).toEqual([
      ["auth_request", ["auth:9000"], "/verify"],
      ["mirror", ["shadow:80"], null],
    ]);
  });

  it.each([
    ["http://login:9091/api/authz", "/api/authz"],
    ["http://login:9091", "/auth"],
    ["http://login:9091$request_uri", null],
    ["http://unix:/run/login.sock:/api/authz?from=edge", "/api/authz"],
  ])("that only answer whether a request may pass, by a variable set to %s, request %s", async (url, path) => {
    const { subrequests } = await readText(
      server(`set $login ${url};
      location / { auth_request /auth; ${app} }
      location = /auth { internal; resolver 127.0.0.11; proxy_pass $login; }`),
    );
    expect(subrequests.map((one) => one.path)).toEqual([path]);
  });

  it.each([
    ["go to a host of their own", "shadow", ["shadow"]],
    ["go to the application", "app", []],
  ])("that are copies are kept apart from the requests where they %s", async (_, host, apart) => {
    const { upstreams } = await readText(
      server(`location / { mirror /copy; ${app} }
      location /copy { internal; proxy_pass http://${host}:9000$request_uri; }`),
    );
    expect(upstreams.flatMap((one) => (one.isForCopies ? [one.host] : []))).toEqual(apart);
  });
});

describe("ids and choices", () => {
  const text = `server { server_name a.example; location / { ${app} } location /events { proxy_pass http://events; } }
  server { server_name b.example; location / { ${app} } }
  server { listen 8080; server_name a.example; location / { ${app} } }
  server { listen 81; location / { ${app} } }`;

  it("are unique and stable", async () => {
    const { routes } = await readText(text);
    expect(routes.map(({ id, title }) => [id, title])).toEqual([
      ["a.example/:1", "location /"],
      ["a.example/events", "location /events"],
      ["b.example/", "location /"],
      ["a.example/:3", "location /"],
      [":81/", "location /"],
    ]);
  });

  it("narrow down what is checked", async () => {
    expect(await routesOf(text, { host: "b.example" })).toEqual(["http://b.example:80/ -> app:8000", "http://b.example:81/ -> app:8000"]);
    expect(await routesOf(text, { host: "b.example", path: "/events/5?x=1" })).toEqual([
      "http://b.example:80/events/5?x=1 -> app:8000",
      "http://b.example:81/events/5?x=1 -> app:8000",
    ]);
    expect(await routesOf(text, { host: "A.example", path: "/events/5" })).toEqual([
      "http://A.example:80/events/5 -> events:80",
      "http://A.example:8080/events/5 -> app:8000",
      "http://A.example:81/events/5 -> app:8000",
    ]);
  });

  it("are refused with what there is", async () => {
    const named = "server { server_name a.example b.example; location /x { proxy_pass http://app; } location = /y { return 200; } }";
    expect(await refusalOf(named, { host: "c.example" })).toBe(
      "site.conf forwards nothing for --host c.example; its server names are a.example, b.example.",
    );
    expect(await refusalOf(named, { path: "/y" })).toBe(
      "site.conf forwards nothing for --path /y: location = /y (line 1) takes /y, and return in line 1 answers it; what forwards is location /x (line 1).",
    );
    expect(await refusalOf("server { location /x { proxy_pass http://$arg_to; } }", { path: "/x" })).toBe(
      "site.conf cannot be checked for --path /x: location /x (line 1) is not checked, since where it leads depends on the request.",
    );
    expect(await refusalOf(named, { path: "x" })).toBe(
      "--path x is not a request path: it must begin with a slash and have no segment ...",
    );
  });
});
