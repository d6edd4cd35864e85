import { defineServer } from "../harness/define.ts";
import { varnish } from "./_varnish.ts";

export default defineServer(
  varnish({
    title: "Varnish Cache",
    link: "https://varnish-cache.org/docs/7.7/users-guide/vcl-built-in-subs.html",
    binary: "varnishd",
    name: "varnish",
    parameters: "https://varnish-cache.org/docs/7.7/reference/varnishd.html",
    version: { args: ["-V"], pattern: /varnish-([\d.]+)/ },
    debian: { release: "trixie", packages: ["varnish"] },
    versions: { "6.5": { release: "bullseye" }, "7.1": { release: "bookworm" }, "7.7": { release: "trixie" } },
    image: "varnish:7.7",
  }),
);
