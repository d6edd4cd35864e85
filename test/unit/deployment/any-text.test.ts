import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import fc from "fast-check";
import { expect, test } from "vitest";
import nginx from "../../../harness/check/servers/nginx/index.ts";
import { readCompose } from "../../../harness/deployment/read.ts";
import { AuthorError } from "../../../harness/errors.ts";
import { conf, deployment } from "./_deployment.ts";

const yaml = "services nginx image build volumes ./a.conf /etc/nginx : ${A:-b} $ extends configs &a *a << __proto__".split(" ");
const word = fc.oneof(fc.constantFrom(...yaml), fc.string({ unit: "binary", maxLength: 8 }));
const fields =
  "image build volumes ports environment env_file command entrypoint configs secrets extends links networks depends_on expose tmpfs volumes_from extra_hosts".split(
    " ",
  );

type Outcome = "read" | "refused";

const outcomeOf = async (folder: string, text: string): Promise<Outcome> => {
  await writeFile(join(folder, "deploy", "compose.yml"), text);
  try {
    await readCompose("deploy/compose.yml", { cwd: folder, env: {}, servers: [nginx] });
    return "read";
  } catch (error) {
    if (!(error instanceof AuthorError)) throw error;
    return "refused";
  }
};

test("no text makes it throw anything but an AuthorError", { timeout: 60_000 }, async () => {
  const folder = await deployment({ "a.conf": conf, "b/Dockerfile": "FROM nginx\n" });
  const lines = fc.array(fc.array(word, { maxLength: 6 }), { maxLength: 8 }).map((all) => all.map((some) => some.join(" ")).join("\n"));
  await fc.assert(
    fc.asyncProperty(fc.oneof(lines, fc.string({ unit: "binary", maxLength: 200 })), async (text) => void (await outcomeOf(folder, text))),
    { numRuns: 500 },
  );
});

test("no service of whatever shape does", { timeout: 60_000 }, async () => {
  const folder = await deployment({ "a.conf": conf });
  const { value } = fc.letrec<{ value: unknown }>((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      word,
      fc.integer(),
      fc.constant(null),
      fc.array(tie("value"), { maxLength: 3 }),
      fc.dictionary(word, tie("value"), { maxKeys: 3 }),
    ),
  }));
  const seen = new Set<Outcome>();
  await fc.assert(
    fc.asyncProperty(fc.dictionary(fc.constantFrom(...fields), value, { maxKeys: 4 }), async (service) => {
      // JSON is YAML.
      seen.add(await outcomeOf(folder, JSON.stringify({ services: { nginx: { image: "nginx", ...service }, web: service } })));
    }),
    { numRuns: 500 },
  );
  expect([...seen].toSorted()).toEqual(["read", "refused"]);
});

test("no Dockerfile does", { timeout: 60_000 }, async () => {
  const folder = await deployment({ "a.conf": conf });
  const instruction = fc.constantFrom(..."COPY ADD RUN ENV ARG WORKDIR CMD ENTRYPOINT EXPOSE VOLUME SHELL FROM".split(" "));
  const shell = fc.constantFrom("<<EOF", "\nEOF\n", "[", '"a"', "'", "\\\n", "&&", "rm", "cp", "$(x)", ".", "/etc/nginx/", "a.conf", "*");
  const line = fc.tuple(instruction, fc.array(fc.oneof(word, shell), { maxLength: 5 })).map(([name, rest]) => [name, ...rest].join(" "));
  const seen = new Set<Outcome>();
  await fc.assert(
    fc.asyncProperty(fc.array(line, { maxLength: 4 }), async (lines) => {
      await writeFile(join(folder, "deploy", "Dockerfile"), ["FROM nginx", ...lines].join("\n"));
      seen.add(await outcomeOf(folder, "nginx: { build: . }"));
    }),
    { numRuns: 500 },
  );
  expect([...seen].toSorted()).toEqual(["read", "refused"]);
});
