// Proxies that cannot be checked yet, by their images: they are named, and never assumed to pass streams on.

/** The last part of an image's name, without its tag, and what it runs. */
const titles: Readonly<Record<string, string>> = {
  traefik: "Traefik",
  haproxy: "HAProxy",
  caddy: "Caddy",
  httpd: "Apache httpd",
  envoy: "Envoy",
  varnish: "Varnish",
  vinyl: "Vinyl Cache",
  squid: "Squid",
  kong: "Kong",
  apisix: "Apache APISIX",
  pushpin: "Pushpin",
  cloudflared: "cloudflared",
  "oauth2-proxy": "OAuth2 Proxy",
  "caddy-docker-proxy": "Caddy",
  linkerd: "Linkerd",
  tyk: "Tyk",
  "tyk-gateway": "Tyk",
  krakend: "KrakenD",
  sozu: "Sōzu",
  lighttpd: "lighttpd",
  hitch: "Hitch",
};

/** What an image runs, e.g. `Traefik`; null where it is no proxy that is known. */
export const otherProxyIn = (image: string): string | null => {
  const name =
    image
      .split("/")
      .at(-1)
      ?.replace(/[:@].*$/, "") ?? "";
  return Object.hasOwn(titles, name) ? (titles[name] ?? null) : null;
};
