import { defineServer } from "../harness/define.ts";
import { varnish } from "./_varnish.ts";

export default defineServer(
  varnish({
    title: "Vinyl Cache, which was Varnish Cache before",
    link: "https://vinyl-cache.org/docs/9.0/users-guide/vcl-built-in-subs.html",
    binary: "vinyld",
    name: "vinyl",
    parameters: "https://vinyl-cache.org/docs/9.0/reference/vinyld.html",
    version: { args: ["-V"], pattern: /(?:vinyl[\w-]*|varnish)-([\d.]+)/ },
    debian: { release: "forky", packages: ["vinyl-cache"] },
    versions: { "9.0": { release: "forky" } },
    image: "vinyl-cache:9.0",
  }),
);
