// What `hopwise probe` says of servers over HTTP/3, by a curl that speaks it. Expected before it was first asked, by what aioquic showed of the same
// servers (the scenarios over HTTP/3): whatever passes over HTTP/1.1 passes over HTTP/3. So it was but for one: without `proxy_buffering off`, nginx
// holds over HTTP/1.1 with TLS what it passes over HTTP/2 and HTTP/3, and holds the header section until the first record over all three.

export interface Probing {
  what: string;
  server: "nginx" | "caddy";
  url: string;
  /** What is seen over HTTP/3. */
  finds: string[];
  concludes: string[];
  code: number;
  arguments?: string[];
}

const steady = "events?every=300&count=6";
const onTime = ["ok delivery on-time", "ok headers prompt", "ok ending complete"];

export const probings: Probing[] = [
  ...(["nginx", "caddy"] as const).map((server): Probing => ({
    what: `${server}: on time`,
    server,
    url: `https://localhost:8443/${steady}`,
    finds: onTime,
    concludes: [],
    code: 0,
  })),
  {
    what: "nginx that buffers",
    server: "nginx",
    url: `https://localhost:8443/buffered/${steady}`,
    finds: ["ok delivery on-time", "warning headers held", "ok ending complete"],
    concludes: ["delivery only-over 1.1"],
    code: 1,
  },
  {
    what: "nginx that buffers, from an HTTP/1.0 upstream: held to the end",
    server: "nginx",
    url: `https://localhost:8443/held/${steady}`,
    finds: ["error delivery held"],
    concludes: [],
    code: 1,
    arguments: ["--http", "3"],
  },
  ...(["nginx", "caddy"] as const).map((server): Probing => ({
    what: `${server}: a response that the origin cuts`,
    server,
    url: "https://localhost:8443/events?every=200&count=4&end=reset",
    finds: ["ok delivery on-time", "ok ending cut-visible"],
    concludes: [],
    code: 0,
    arguments: ["--http", "3"],
  })),
  {
    what: "nginx: a stream that is longer than the probe",
    server: "nginx",
    url: "https://localhost:8443/events?every=400&count=60",
    finds: ["ok delivery on-time", "ok ending open", "ok disconnect propagated"],
    concludes: [],
    code: 0,
    arguments: ["--http", "3", "--for", "4"],
  },
];
