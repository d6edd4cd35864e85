import { defineOrigin } from "../harness/define.ts";
import { labModule, versionsOf } from "./_python.ts";

export default defineOrigin({
  kind: "application",
  title: "FastAPI: StreamingResponse over an async iterator, under Uvicorn",
  link: "https://fastapi.tiangolo.com/advanced/custom-response/#streamingresponse",
  debian: { release: "trixie", packages: ["python3-fastapi", "python3-uvicorn"] },
  versions: { "0.92": { release: "bookworm" }, "0.115": { release: "trixie" } },
  command: ({ listenPort }) => ["python3", "-m", "uvicorn", "--host", "0.0.0.0", "--port", String(listenPort), "app:app"],
  files: labModule,
  version: () => versionsOf("uvicorn", "fastapi"),
  readiness: "/ready",
  path: "/stream",
  variants: { default: { title: "Uvicorn" } },
});
