// The lab answers for uwsgi_pass and fastcgi_pass by protocols of its own making: nginx does the same in front of a real uWSGI and a real PHP-FPM.
import { join } from "node:path";
import { rolldown } from "rolldown";
import { afterAll, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { alike, expected } from "../gateways/expected.ts";
import { measuredIn } from "./_measured.ts";
import { describeWithEngine, engine } from "./engine.ts";

type Answers = Record<string, string>;

interface Measured {
  ran: Record<"nginx" | "uwsgi" | "php", string>;
  answers: Record<"uwsgi" | "fastcgi", { real: Answers; scripted: Answers }>;
}

/** The lab's relay in one file, for the Node of any release. */
const relay = async (): Promise<string> => {
  const build = await rolldown({ input: join(packageRoot, "harness/lab/relay/relay.ts"), platform: "node", logLevel: "silent" });
  const { output } = await build.generate({ format: "esm" });
  return output[0].code;
};

describeWithEngine("nginx in front of uWSGI and PHP-FPM, and of the lab in their place", () => {
  const tags: string[] = [];
  afterAll(async () => {
    await Promise.all(tags.map((tag) => engine().docker.getImage(tag).remove({ force: true })));
  });

  it.each([
    ["trixie", { nginx: "1.26", uwsgi: "2.0.28", php: "8.4" }],
    ["forky", { nginx: "1.30", uwsgi: "2.0.31", php: "8.4" }],
  ] as const)("as in %s", async (release, versions) => {
    const { ran, answers } = await measuredIn<Measured>(
      {
        name: "gateways",
        release,
        packages: ["nginx-light", "uwsgi-core", "uwsgi-plugin-python3", "php-fpm", "python3", "nodejs"],
        files: ["app.py", "app.php", "scripted.mjs", "nginx.conf", "fpm.conf", "measure.py"],
        more: { "relay.mjs": await relay() },
      },
      (tag) => tags.push(tag),
    );
    for (const [name, version] of Object.entries(versions)) expect(ran[name as keyof typeof ran]).toContain(version);
    const [uwsgi, fastcgi] = [answers.uwsgi, answers.fastcgi].map(({ real, scripted }) => {
      const { [alike]: held, ...others } = real;
      const { [alike]: heldToo, ...othersToo } = scripted;
      expect(heldToo).toBe(held);
      return { real: others, scripted: othersToo };
    });
    expect({ uwsgi, fastcgi }).toEqual(expected);
  });
});
