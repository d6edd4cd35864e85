import { expect, test } from "vitest";
import { splitWords } from "../../../harness/deployment/shell.ts";
import { readStartup } from "../../../harness/deployment/startup.ts";
import { packaging } from "../../../harness/check/servers/nginx/packaging.ts";

const environment = new Map([
  ["HOST", "web"],
  ["PORT", "8000"],
]);

const around = { packaging, environment, scriptOf: () => null };
const started = (command: string | null) => readStartup(null, command === null ? null : splitWords(command), around);

test("by itself the image starts nginx and fills in its templates", () => {
  expect(started(null)).toEqual({
    main: null,
    globals: null,
    templates: [],
    byEntryPoint: true,
    notChecked: [],
    script: null,
    startsServer: true,
  });
});

test.for<[string, string | null, string | null]>([
  ["nginx -g 'daemon off;'", null, null],
  ["nginx-debug -g 'daemon off;'", null, null],
  ["nginx -c /etc/nginx/other.conf -g 'daemon off;'", "/etc/nginx/other.conf", null],
  ["nginx -c conf/x.conf", "/etc/nginx/conf/x.conf", null],
  ["/usr/sbin/nginx -g 'daemon off; worker_processes 1;'", null, "worker_processes 1;"],
])("%s", ([command, main, globals]) => {
  expect(started(command)).toMatchObject({ main, globals, byEntryPoint: true, startsServer: true, notChecked: [] });
});

const all = ["HOST", "PORT"];
test.for<[string, string, string[] | "all"]>([
  [`/bin/sh -c "envsubst < /etc/nginx/x.template > /etc/nginx/nginx.conf && nginx -g 'daemon off;'"`, "/etc/nginx/nginx.conf", "all"],
  [
    `/bin/bash -c "envsubst '\\$HOST \\$\{PORT}' < /etc/nginx/x.template > /etc/nginx/conf.d/a.conf && exec nginx -g 'daemon off;'"`,
    "/etc/nginx/conf.d/a.conf",
    all,
  ],
  ["sh -c \"envsubst '$$HOST' < /etc/nginx/x.template >/x && nginx\"".replace("$$", "$"), "/x", ["HOST"]],
  [
    `/bin/sh -c "envsubst \\"\`env | awk -F = '{printf \\" $%s\\", $1}'\`\\" < /etc/nginx/x.template > /y && nginx -g 'daemon off;'"`,
    "/y",
    all,
  ],
])("a template filled in by %s", ([command, to, variables]) => {
  const { templates, startsServer, byEntryPoint, notChecked } = started(command);
  expect(templates).toEqual([{ from: "/etc/nginx/x.template", to, variables }]);
  expect({ startsServer, byEntryPoint, notChecked }).toEqual({ startsServer: true, byEntryPoint: false, notChecked: [] });
});

test("the loop that reloads for new certificates is left out, and nginx is seen", () => {
  const { startsServer, notChecked } = started(
    `/bin/sh -c 'while :; do sleep 6h & wait $\{!}; nginx -s reload; done & nginx -g "daemon off;"'`,
  );
  expect({ startsServer, notChecked }).toEqual({ startsServer: true, notChecked: [] });
});

test("what is not known is left out by its own words", () => {
  expect(started("/start.sh --now")).toMatchObject({ startsServer: false, notChecked: ["/start.sh --now"] });
  expect(started("sh -c './wait-for.sh web:8000 && nginx'")).toMatchObject({ startsServer: true, notChecked: ["./wait-for.sh web:8000"] });
  expect(started("supervisord -n")).toMatchObject({ startsServer: false, notChecked: ["supervisord -n"] });
  expect(started(`sh -c "sed -i s/a/b/ /etc/nginx/nginx.conf; nginx"`)).toMatchObject({
    startsServer: true,
    notChecked: ["sed -i s/a/b/ /etc/nginx/nginx.conf"],
  });
});

test("a template in a condition or a pipe is not taken for filled in", () => {
  expect(started(`sh -c "if [ -n x ]; then envsubst < /a > /b; fi; nginx"`).templates).toEqual([]);
  expect(started(`sh -c "cat /a | envsubst > /b; nginx"`).templates).toEqual([]);
});

test("another entry point than the image's does not fill in its templates", () => {
  expect(readStartup(["nginx"], ["-g", "daemon off;"], around)).toMatchObject({ byEntryPoint: false, startsServer: true });
  expect(readStartup(["/docker-entrypoint.sh"], ["nginx"], around)).toMatchObject({ byEntryPoint: true });
  expect(readStartup(["tini", "--"], ["nginx"], around)).toMatchObject({ byEntryPoint: false, startsServer: true });
});

const byScript = (text: string, command: string[]) => {
  const own = { packaging, environment: new Map(environment), scriptOf: (path: string) => (path === "/start.sh" ? text : null) };
  return { ...readStartup(["/start.sh"], command, own), environment: Object.fromEntries(own.environment) };
};

test("a script of the user's own: settings, templates, and then what it was given", () => {
  const script = `#!/bin/sh
set -e
# envsubst < /not > /this
NAME="\${NAME:-by default}"
export PORT=9000 DOLLAR='$'
SECRET=$(cat /run/secret)
cat > /etc/x <<EOF
envsubst < /nor > /that
EOF
if [ -z "$X" ]; then
  envsubst < /or > /here
fi
envsubst '$HOST' \\
  < /a.template \\
  > /etc/nginx/conf.d/a.conf
nginx -t
exec "$@"
`;
  expect(byScript(script, ["nginx", "-c", "/main.conf"])).toEqual({
    main: "/main.conf",
    globals: null,
    templates: [{ from: "/a.template", to: "/etc/nginx/conf.d/a.conf", variables: ["HOST"] }],
    byEntryPoint: false,
    notChecked: ["SECRET=$(cat /run/secret)", "envsubst < /or > /here"],
    script: "/start.sh",
    startsServer: true,
    environment: { HOST: "web", PORT: "9000", NAME: "by default", DOLLAR: "$" },
  });
});

test("a script that calls the image's entry point, one that calls itself, one that starts nothing", () => {
  expect(byScript('exec /docker-entrypoint.sh "$@"', ["nginx"])).toMatchObject({ byEntryPoint: true, startsServer: true });
  expect(byScript("exec /docker-entrypoint.sh nginx -g 'daemon off;'", [])).toMatchObject({ byEntryPoint: true, startsServer: true });
  expect(byScript("/start.sh", [])).toMatchObject({ startsServer: false, notChecked: [expect.stringContaining("/start.sh")] });
  expect(byScript("make", [])).toMatchObject({ startsServer: false, notChecked: ["make"] });
});

test("templates of the entry point, with its own settings", () => {
  const files = ["/etc/nginx/templates/a.conf.template", "/etc/nginx/templates/sub/b.conf.template", "/etc/nginx/templates/c.conf"].map(
    (target) => ({ target }),
  );
  expect(packaging.filledByEntryPoint(files, environment)).toEqual([
    { from: "/etc/nginx/templates/a.conf.template", to: "/etc/nginx/conf.d/a.conf", variables: all },
    { from: "/etc/nginx/templates/sub/b.conf.template", to: "/etc/nginx/conf.d/sub/b.conf", variables: all },
  ]);
  const own = new Map([...environment, ["NGINX_ENVSUBST_OUTPUT_DIR", "/etc/nginx"], ["NGINX_ENVSUBST_FILTER", "^HO"]]);
  expect(packaging.filledByEntryPoint(files.slice(0, 1), own)).toEqual([
    { from: "/etc/nginx/templates/a.conf.template", to: "/etc/nginx/a.conf", variables: ["HOST"] },
  ]);
});
