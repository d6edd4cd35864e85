// Django Channels under Daphne: a WebSocket beside a stream, alone and behind nginx and http-proxy.
import { afterAll, expect, it } from "vitest";
import { packageFiles } from "../../origins/_npm.ts";
import { expected } from "../websocket/expected.ts";
import { measuredIn } from "./_measured.ts";
import { describeWithEngine, engine } from "./engine.ts";

interface Measured {
  ran: Record<"nginx" | "daphne" | "channels" | "Django", string>;
  answers: Record<string, Record<string, string>>;
}

describeWithEngine("a WebSocket of Django Channels", () => {
  const tags: string[] = [];
  afterAll(async () => {
    await Promise.all(tags.map((tag) => engine().docker.getImage(tag).remove({ force: true })));
  });

  it.each([
    ["trixie", { nginx: "1.26", daphne: "4.1", channels: "4.2", Django: "4.2" }],
    ["forky", { nginx: "1.30", daphne: "4.2", channels: "4.3", Django: "5.2" }],
  ] as const)("as in %s", async (release, versions) => {
    const { ran, answers } = await measuredIn<Measured>(
      {
        name: "websocket",
        release,
        packages: ["nginx-light", "daphne", "python3-django", "python3-django-channels", "python3-websockets", "nodejs"],
        files: ["app.py", "measure.py", "nginx.conf", "proxy.mjs"],
        more: packageFiles("http-proxy"),
      },
      (tag) => tags.push(tag),
    );
    for (const [name, version] of Object.entries(versions)) expect(ran[name as keyof typeof ran]).toMatch(`${version}.`);
    expect(answers).toEqual(expected);
  });
});
