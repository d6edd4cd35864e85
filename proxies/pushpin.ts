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
  clock: "libfaketime",
  files: ({ upstream, ...render }) => pushpinFiles({ ...render, target: `${upstream.hostname}:${upstream.port}` }),
  args: ({ folder }) => [`${folder}/pushpin.sh`, folder],
  variants: { default: { title: "one route, and otherwise the settings that it comes with" } },
});
