import { join } from "node:path";
import { defineOrigin } from "../../../../harness/define.ts";

const failing = (title: string, fault: string) => ({ title, options: { fault } });

export default defineOrigin({
  kind: "application",
  title: "Applications that fail, each in one way",
  link: "https://nodejs.org/api/http.html",
  // Those of the lab's image, so that the engine has it already.
  debian: { release: "forky", packages: ["nodejs", "iproute2", "iptables", "openssl"] },
  command: ({ folder }) => ["node", join(folder, "app.mjs")],
  environment: ({ options }) => ({ FAULT: String(options["fault"] ?? "") }),
  version: () => ({ command: ["node", "-e", "console.log(`Node/${process.versions.node}`)"], pattern: /(Node\/[\d.]+)/ }),
  readiness: "/ready",
  path: "/stream",
  variants: {
    default: { title: "none" },
    "not-starting": failing("ends before it listens", "not-starting"),
    "not-ready": failing("answers 500 where it should be ready", "not-ready"),
    crashing: failing("ends in mid-stream", "crashing"),
    "answering-500": failing("answers 500", "answering-500"),
    "never-asking": failing("answers with what is its own", "never-asking"),
    "one-at-a-time": failing("serves one stream at a time", "one-at-a-time"),
    reloading: { title: "takes SIGHUP for a reload that keeps its streams", options: { fault: "none" }, reload: "SIGHUP" },
    "cutting-on-reload": { ...failing("cuts its streams when it is reloaded", "cutting-on-reload"), reload: "SIGHUP" },
    "stopping-to-ask": failing("asks for two records and no more", "stopping-to-ask"),
  },
});
