import { defineServer } from "../harness/define.ts";
import { pushpinFiles } from "./_pushpin.ts";

export default defineServer({
  kind: "binary",
  title: "Pushpin, which can hold a stream for its application (GRIP)",
  link: "https://pushpin.org/docs/about/",
  binary: "sh",
  name: "pushpin",
  isProvenByVersion: true,
  version: { args: ["-c", "pushpin --version"], pattern: /pushpin ([\d.]+)/ },
  debian: { release: "sid", packages: ["pushpin/sid"] },
  versions: { "1.36": { release: "bookworm", packages: ["pushpin"] }, "1.41": { release: "sid" } },
  image: "fanout/pushpin:1.41.0",
  clients: ["h1"],
  // No faster clock: its processes expect a sign of each other each minute, and with 20 times a busy machine makes them cut streams.
  limits: [
    {
      kind: "idle-timeout",
      ms: 1_800_000,
      setBy: "--stream-timeout",
      page: "https://github.com/fastly/pushpin/blob/main/src/bin/pushpin-connmgr.rs",
    },
  ],
  files: ({ upstream, ...render }) => pushpinFiles({ ...render, target: `${upstream.hostname}:${upstream.port}` }),
  args: ({ folder }) => [`${folder}/pushpin.sh`, folder],
  variants: { default: { title: "one route, and otherwise the settings that it comes with" } },
});
