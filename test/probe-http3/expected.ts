// What `hopwise probe` says of servers over HTTP/3, by a curl that speaks it. Expected before it was first asked, by what aioquic showed of the same
// servers (test/http3/expected.ts): whatever passes over HTTP/1.1 passes over HTTP/3.

export interface Probing {
  what: string;
  server: "nginx" | "caddy";
  url: string;
  /** What is seen over HTTP/3, and in no other way. */
  finds: string[];
  code: number;
  arguments?: string[];
}

const steady = "events?every=300&count=6";

export const probings: Probing[] = [
  {
    what: "nginx: on time",
    server: "nginx",
    url: `https://localhost:8443/${steady}`,
    finds: ["ok delivery on-time", "ok ending complete"],
    code: 0,
  },
  {
    what: "Caddy: on time",
    server: "caddy",
    url: `https://localhost:8443/${steady}`,
    finds: ["ok delivery on-time", "ok ending complete"],
    code: 0,
  },
  {
    what: "nginx from an HTTP/1.0 upstream: held to the end",
    server: "nginx",
    url: `https://localhost:8443/held/${steady}`,
    finds: ["error delivery held"],
    code: 1,
    arguments: ["--http", "3"],
  },
  ...(["nginx", "caddy"] as const).map((server): Probing => ({
    what: `${server}: a response that the origin cuts`,
    server,
    url: "https://localhost:8443/events?every=200&count=4&end=reset",
    finds: ["ok ending cut-visible"],
    code: 0,
    arguments: ["--http", "3"],
  })),
  {
    what: "nginx: a stream that is longer than the probe",
    server: "nginx",
    url: "https://localhost:8443/events?every=400&count=60",
    finds: ["ok delivery on-time", "note ending open"],
    code: 0,
    arguments: ["--http", "3", "--for", "4"],
  },
];
