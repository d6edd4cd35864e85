import { defineOrigin } from "../harness/define.ts";
import { labModule, versionsOf } from "./_python.ts";

const threads = 16;

export default defineOrigin({
  kind: "application",
  title: "Flask: a Response over a generator, under Gunicorn",
  link: "https://flask.palletsprojects.com/en/stable/patterns/streaming/",
  debian: { release: "trixie", packages: ["python3-flask", "python3-gunicorn"] },
  versions: { "2.2": { release: "bookworm" }, "3.1": { release: "trixie" } },
  command: ({ listenPort }) => [
    "python3",
    "-m",
    "gunicorn",
    "--bind",
    `0.0.0.0:${listenPort}`,
    "-k",
    "gthread",
    "--threads",
    `${threads}`,
    "app:app",
  ],
  files: labModule,
  version: () => versionsOf("gunicorn", "Flask"),
  readiness: "/ready",
  path: "/stream",
  variants: { default: { title: "Gunicorn's gthread worker", concurrency: threads } },
});
