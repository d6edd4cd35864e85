import { defineOrigin } from "../harness/define.ts";
import { pushpinFiles } from "../proxies/_pushpin.ts";
import { labModule } from "./_python.ts";

const versions = `echo "gunicorn/$(python3 -c 'import gunicorn; print(gunicorn.__version__)')" \\
  "Django/$(python3 -m django --version)" "pushpin/$(pushpin --version | cut -d' ' -f2)"`;

export default defineOrigin({
  kind: "application",
  title: "Django behind its own Pushpin, which holds streams for it (GRIP)",
  link: "https://pushpin.org/docs/protocols/grip/",
  debian: { release: "sid", packages: ["python3-django", "python3-gunicorn", "pushpin/sid"] },
  versions: {
    "1.36": { release: "bookworm", packages: ["python3-django", "python3-gunicorn", "pushpin"] },
    "1.41": { release: "sid" },
  },
  command: ({ folder }) => ["sh", `${folder}/start.sh`, folder],
  // Several run in one container, each with ports of its own.
  files: (render) => ({
    ...labModule(),
    ...pushpinFiles({ ...render, target: "127.0.0.1:APPLICATION", routes: ["*,path_beg=/probe 127.0.0.1:PROBE"], controlPort: "CONTROL" }),
  }),
  version: () => ({ command: ["sh", "-c", versions], pattern: /(gunicorn\/[\d.]+ Django\/[\d.]+ pushpin\/[\d.]+)/ }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    // With a few more responses to hold at the same moment, Pushpin answered some with 500.
    default: { title: "Gunicorn with one sync worker, whose responses Pushpin holds", concurrency: 101 },
    passed: { title: "Gunicorn with one sync worker, whose responses Pushpin passes on", concurrency: 1 },
  },
});
