import { describe, expect, it } from "vitest";
import { folderOf } from "./_folder.ts";

describe("locations for a server of another file", () => {
  it("get a server around them, which is said; formats of logs that they use are defined", async () => {
    await using folder = await folderOf({
      "events.conf": "location /events { proxy_pass http://app:8000; access_log /dev/stdout timed; }",
    });
    const { routes, stubs, entries } = await folder.read("events.conf");
    expect(routes).toMatchObject([{ title: "location /events", port: 80, path: "/events" }]);
    expect(stubs[0]).toMatchObject({
      what: "a main file at /etc/nginx/nginx.conf with a server that listens on port 80 and the log format timed",
      why: "what was given has locations without a server block",
    });
    expect(entries).toContainEqual(
      expect.objectContaining({ body: expect.stringMatching(/server \{\n  listen 80;\n  include "[^"]+";\n  \}/) }),
    );
  });

  it("are found in a platform's folder, beside what belongs into the http block", async () => {
    await using folder = await folderOf({
      "conf.d/times.conf": "proxy_read_timeout 90s;",
      "conf.d/elasticbeanstalk/events.conf": "location /events { proxy_pass http://app:8000; }",
    });
    for (const given of [".", "conf.d", "conf.d/elasticbeanstalk"]) {
      const { routes } = await folder.read(given);
      expect(routes.map(({ title }) => title)).toEqual(["location /events"]);
    }
  });

  it("are left to the server that includes them, or that stands beside them", async () => {
    const beside = "server { listen 80; location /a { proxy_pass http://app:8000; } }";
    await using folder = await folderOf({ "site.conf": beside, "events.conf": "location /events { proxy_pass http://app:8000; }" });
    expect((await folder.read(".")).routes.map(({ title }) => title)).toEqual(["location /a"]);
  });
});
