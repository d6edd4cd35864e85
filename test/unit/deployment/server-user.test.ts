// As whom the server starts in the deployment: a check starts it as root, and says so where that differs.
import { expect, test } from "vitest";
import { conf, nginxWith, read } from "./_deployment.ts";

const why =
  "the server starts as root here, in folders that are its own: whether that user may write temporary files, caches, logs and the pid is not checked";

test("a service's user is not checked", async () => {
  const { notDone } = await read({
    "compose.yml": nginxWith('user: "101:101"', "volumes: [./app.conf:/etc/nginx/conf.d/default.conf]"),
    "app.conf": conf,
  });
  expect(notDone).toEqual([{ what: "user 101:101", why, place: expect.objectContaining({ file: "deploy/compose.yml", line: 4 }) }]);
});

test("neither is that of a Dockerfile, of which the last one counts; the service's own comes first", async () => {
  const files = (user: string[], dockerfile: string[]) => ({
    "compose.yml": ["services:", "  edge:", "    build: .", ...user.map((line) => `    ${line}`), ""].join("\n"),
    Dockerfile: ["FROM nginx:1.27", "COPY app.conf /etc/nginx/conf.d/default.conf", ...dockerfile, ""].join("\n"),
    "app.conf": conf,
  });
  const of = async (user: string[], dockerfile: string[]) =>
    (await read(files(user, dockerfile))).notDone.map(({ what, place }) => `${what} ${place.line}`);
  expect(await of([], ["USER root", "RUN chown -R web /var/cache/nginx", "ARG WHO=web", "USER $WHO"])).toEqual(["USER web 6"]);
  expect(await of([], ["USER web", "USER root"])).toEqual([]);
  expect(await of(["user: root"], ["USER web"])).toEqual([]);
  expect(await of(['user: "0:0"'], ["USER web"])).toEqual([]);
  expect(await of(["user: www-data"], ["USER web"])).toEqual(["user www-data 4"]);
});
