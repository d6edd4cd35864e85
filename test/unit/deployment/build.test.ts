import { expect, test } from "vitest";
import { conf, placed, read, refusal } from "./_deployment.ts";
import type { Files } from "./_deployment.ts";

const compose = "services: { edge: { build: ./nginx } }\n";

const built = (dockerfile: string, files: Files = {}) => read({ "compose.yml": compose, "nginx/Dockerfile": dockerfile, ...files });

test("COPY and ADD: files, folders, globs, several sources, JSON, names with spaces", async () => {
  const subject = await built(
    `FROM nginx:1.25-alpine
WORKDIR /etc/nginx
COPY nginx.conf .
COPY --chown=nginx:nginx a.conf b.conf conf.d/
ADD sites /etc/nginx/sites-enabled
COPY ["name with space.conf", "/etc/nginx/conf.d/space.conf"]
COPY glob/*.conf /etc/nginx/globbed/
COPY *.html /usr/share/nginx/html/
COPY ./a.conf /etc/nginx/renamed
`,
    {
      "nginx/nginx.conf": "events {}",
      "nginx/a.conf": conf,
      "nginx/b.conf": conf,
      "nginx/sites/deep/c.conf": conf,
      "nginx/name with space.conf": conf,
      "nginx/glob/x.conf": conf,
      "nginx/glob/y.txt": conf,
    },
  );
  expect(placed(subject)).toEqual([
    "/etc/nginx/conf.d/a.conf ← deploy/nginx/a.conf",
    "/etc/nginx/conf.d/b.conf ← deploy/nginx/b.conf",
    "/etc/nginx/conf.d/space.conf ← deploy/nginx/name with space.conf",
    "/etc/nginx/globbed/x.conf ← deploy/nginx/glob/x.conf",
    "/etc/nginx/nginx.conf ← deploy/nginx/nginx.conf",
    "/etc/nginx/renamed ← deploy/nginx/a.conf",
    "/etc/nginx/sites-enabled/deep/c.conf ← deploy/nginx/sites/deep/c.conf",
  ]);
  expect(subject).toMatchObject({
    image: "nginx:1.25-alpine",
    imagePlace: { file: "deploy/nginx/Dockerfile", line: 1 },
    notDone: [{ what: "COPY *.html", why: "no file in deploy/nginx fits", place: { line: 8 } }],
  });
});

test("stages: the last one counts, its base is another stage, what comes from elsewhere is left out", async () => {
  const subject = await built(
    `ARG VERSION=1.24
FROM node AS build
COPY nowhere /app
FROM nginx:$VERSION AS base
ENV FROM_BASE=1
COPY a.conf /etc/nginx/conf.d/a.conf
FROM base
COPY --from=build /app/dist /usr/share/nginx/html
COPY b.conf /etc/nginx/conf.d/b.conf
`,
    { "nginx/a.conf": conf, "nginx/b.conf": conf },
  );
  expect(subject.image).toBe("nginx:1.24");
  expect(subject.imagePlace?.line).toBe(4);
  expect(subject.environment).toEqual({ FROM_BASE: "1" });
  expect(placed(subject)).toHaveLength(2);
  expect(subject.notDone).toMatchObject([{ what: "COPY --from=build /app/dist /usr/share/nginx/html", place: { line: 8 } }]);
});

test("ARG and ENV fill in paths; build.args win; a stage's ARG has to be declared", async () => {
  const subject = await read({
    "compose.yml": "services: { edge: { build: { context: nginx, dockerfile: Other, args: { WHICH: prod }, target: edge } } }",
    "nginx/Other": `ARG OUTER=outer
ARG HIDDEN=hidden
FROM nginx AS edge
ARG WHICH=dev
ARG OUTER
ENV DIR=/etc/nginx/conf.d TARGET=$WHICH
COPY \${WHICH}.conf $DIR/$TARGET-\${OUTER:-none}-\${HIDDEN:-unset}.conf
FROM redis
`,
    "nginx/prod.conf": conf,
  });
  expect(placed(subject)).toEqual(["/etc/nginx/conf.d/prod-outer-unset.conf ← deploy/nginx/prod.conf"]);
  expect(subject.environment).toEqual({ DIR: "/etc/nginx/conf.d", TARGET: "prod" });
});

test("here-documents: variables are filled in unless the name is quoted", async () => {
  const subject = await built(
    `FROM nginx
ENV PORT=8080
COPY <<EOF /etc/nginx/conf.d/a.conf
listen $PORT; $host
EOF
COPY <<'EOF' /etc/nginx/conf.d/b.conf
listen $PORT; $host
EOF
`,
  );
  expect(subject.files.map(({ text }) => text)).toEqual(["listen 8080; \n", "listen $PORT; $host\n"]);
  expect(subject.files[1]).toMatchObject({ path: "deploy/nginx/Dockerfile#EOF", inline: { file: "deploy/nginx/Dockerfile", line: 7 } });
});

test("RUN: what is recognized is done, the rest is reported", async () => {
  const subject = await built(
    `FROM nginx
COPY conf /etc/nginx/
RUN rm -f /etc/nginx/conf.d/default.conf /etc/nginx/conf.d/old.conf \\
 && mkdir -p /var/cache/x && chown -R nginx /var/cache/x
RUN rm /etc/nginx/extra/*.bak
RUN echo "daemon off;" >> /etc/nginx/nginx.conf
RUN ln -sf /dev/stdout /var/log/nginx/access.log
RUN ln -s /etc/nginx/sites-available/app /etc/nginx/sites-enabled/app
RUN mv /etc/nginx/conf.d/a.conf /etc/nginx/conf.d/z.conf
RUN apt-get update && apt-get install -y certbot
RUN ["sed", "-i", "s/a/b/", "/etc/nginx/nginx.conf"]
RUN <<EOF
set -e
rm /etc/nginx/conf.d/in-here.conf
make something
EOF
`,
    {
      "nginx/conf/conf.d/old.conf": conf,
      "nginx/conf/conf.d/a.conf": conf,
      "nginx/conf/conf.d/in-here.conf": conf,
      "nginx/conf/extra/x.bak": conf,
      "nginx/conf/extra/x.conf": conf,
      "nginx/conf/sites-available/app": conf,
      "nginx/conf/nginx.conf": "events {}\n",
    },
  );
  expect(placed(subject).map((line) => line.split(" ← ")[0])).toEqual([
    "/etc/nginx/conf.d/z.conf",
    "/etc/nginx/extra/x.conf",
    "/etc/nginx/nginx.conf",
    "/etc/nginx/sites-available/app",
    "/etc/nginx/sites-enabled/app",
  ]);
  expect(subject.gone.map(({ target, place }) => `${place.line} ${target}`)).toEqual([
    "3 /etc/nginx/conf.d/default.conf",
    "3 /etc/nginx/conf.d/old.conf",
    "5 /etc/nginx/extra/*.bak",
    "9 /etc/nginx/conf.d/a.conf",
    "12 /etc/nginx/conf.d/in-here.conf",
  ]);
  expect(subject.stubs).toMatchObject([{ what: expect.stringContaining("daemon off;"), place: { line: 6 } }]);
  expect(subject.notDone.map(({ what }) => what)).toEqual([
    "RUN apt-get install -y certbot",
    "RUN 'sed' '-i' 's/a/b/' '/etc/nginx/nginx.conf'",
    "RUN make something",
  ]);
  expect(subject.files.find(({ target }) => target === "/etc/nginx/nginx.conf")?.text).toBe("events {}\n");
});

test("the image's command and entry point", async () => {
  const main = await built("FROM nginx\nCOPY m.conf /m.conf\nCMD nginx -c /m.conf -g 'daemon off;'\n", { "nginx/m.conf": "events {}" });
  expect(main.mainTarget).toBe("/m.conf");
  const script = await built('FROM nginx\nCOPY start.sh /\nENTRYPOINT ["/start.sh"]\n', { "nginx/start.sh": "#!/bin/sh\n" });
  expect(script.stubs).toMatchObject([
    { what: "nginx itself in place of `/start.sh`", why: "deploy/nginx/start.sh is read and not executed" },
  ]);
});

test("a script that fills in a template and starts what it is given; one that the image's entry point runs", async () => {
  const own = await built('FROM nginx\nCOPY . /x/\nWORKDIR /x\nENTRYPOINT ["./start.sh"]\nCMD ["nginx", "-g", "daemon off;"]\n', {
    "nginx/start.sh": "#!/bin/sh\nexport APP=${APP:-web}\nenvsubst '$APP' < /x/a.in > /etc/nginx/conf.d/default.conf\nexec \"$@\"\n",
    "nginx/a.in": conf,
  });
  expect(own).toMatchObject({
    stubs: [],
    environment: { APP: "web" },
    templates: [{ from: "/x/a.in", to: "/etc/nginx/conf.d/default.conf", variables: ["APP"] }],
  });
  const ours = await built("FROM nginx\nCOPY e.sh /docker-entrypoint.d/\nCOPY e.sh /etc/nginx/nginx.conf\n", {
    "nginx/e.sh": "#!/bin/sh\nmake-certificates\nsed -i s/a/b/ /x\n",
  });
  expect(ours.notDone).toMatchObject([{ what: "`make-certificates` and 1 more of deploy/nginx/e.sh", place: { line: 2 } }]);
});

test(".dockerignore is respected, the Dockerfile's own before the context's", async () => {
  const files: Files = { "nginx/c/a.conf": conf, "nginx/c/b.conf": conf };
  const dockerfile = "FROM nginx\nCOPY c/ /etc/nginx/conf.d/\n";
  const common = await built(dockerfile, { ...files, "nginx/.dockerignore": "**/b.conf\n" });
  expect(placed(common)).toEqual(["/etc/nginx/conf.d/a.conf ← deploy/nginx/c/a.conf"]);
  const own = await built(dockerfile, { ...files, "nginx/.dockerignore": "**/b.conf\n", "nginx/Dockerfile.dockerignore": "c/a.conf\n" });
  expect(placed(own)).toEqual(["/etc/nginx/conf.d/b.conf ← deploy/nginx/c/b.conf"]);
});

test("what is not fetched and not unpacked is reported", async () => {
  const subject = await built("FROM nginx\nADD https://example.com/x.conf /etc/nginx/\nADD site.tar.gz /srv\nCOPY --parents a /b\n", {
    "nginx/site.tar.gz": "x",
  });
  expect(subject.notDone.map(({ what, why }) => `${what}: ${why}`)).toEqual([
    "ADD https://example.com/x.conf: nothing is fetched",
    "ADD site.tar.gz: archives are not unpacked",
    "COPY --parents a /b: the option --parents is not known here",
  ]);
});

test.for<[string, string]>([
  ["COPY none.conf /etc/nginx/nginx.conf", "COPY takes deploy/nginx/none.conf, which is not there"],
  ["COPY ../x.conf /etc/nginx/nginx.conf", "COPY takes ../x.conf, which is outside of the build's context deploy/nginx; move it in"],
  ["COPY *.conf /etc/nginx/", "COPY *.conf copies nothing: no file in deploy/nginx fits"],
  ["COPY only-one", 'COPY needs a source and a destination, and has only "only-one"'],
  ["RUNN x", '"RUNN" is not an instruction of a Dockerfile; did you mean "RUN"?'],
])("%s is refused", async ([line, sentence]) => {
  const files = { "compose.yml": "services: { nginx: { build: ./nginx } }\n", "nginx/Dockerfile": `FROM nginx\n${line}\n` };
  expect(await refusal(files)).toBe(`AuthorError: deploy/nginx/Dockerfile:2: ${sentence}`);
});

test("no Dockerfile, no FROM, no such stage", async () => {
  const withImage = "services: { edge: { image: nginx, build: ./nginx } }\n";
  expect(await refusal({ "compose.yml": withImage })).toBe(
    "AuthorError: deploy/compose.yml:1 builds from deploy/nginx/Dockerfile, and there is no such file",
  );
  expect(await refusal({ "compose.yml": withImage, "nginx/Dockerfile": "# nothing\n" })).toBe(
    "AuthorError: deploy/nginx/Dockerfile has no FROM, so that there is nothing to build",
  );
  expect(
    await refusal({
      "compose.yml": "services: { edge: { image: nginx, build: { context: nginx, target: prod } } }\n",
      "nginx/Dockerfile": "FROM nginx\n",
    }),
  ).toContain('the build\'s target "prod" is not a stage');
});
