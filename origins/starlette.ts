import { defineOrigin } from "../harness/define.ts";
import { labModule, versionsOf } from "./_python.ts";

export default defineOrigin({
  kind: "application",
  title: "Starlette: StreamingResponse over async and sync iterators, under Uvicorn",
  link: "https://www.starlette.io/responses/#streamingresponse",
  debian: { release: "trixie", packages: ["python3-starlette", "python3-uvicorn"] },
  versions: { "0.26": { release: "bookworm" }, "0.46": { release: "trixie" }, "1.9": { release: "forky" } },
  command: ({ listenPort }) => ["python3", "-m", "uvicorn", "--host", "0.0.0.0", "--port", String(listenPort), "app:app"],
  environment: ({ options }) => ({ GZIP: String(options["gzip"] ?? "") }),
  files: labModule,
  version: () => versionsOf("uvicorn", "starlette"),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "no middleware" },
    gzip: { title: "GZipMiddleware", options: { gzip: "yes" } },
  },
});
