// What an Ingress says to ingress-nginx, and which lines become of it.
// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/annotations/
import { recordAt, textOf } from "../../../kubernetes.ts";
import type { KubernetesObject } from "../../../kubernetes.ts";
import type { Setting, Settings } from "./settings.ts";

const prefix = "nginx.ingress.kubernetes.io/";

export type Annotations = ReadonlyMap<string, string>;

/** By their names without the controller's prefix. */
export const annotationsOf = ({ value }: KubernetesObject): Annotations =>
  new Map(
    Object.entries(recordAt(value, "metadata", "annotations")).flatMap(([name, text]) =>
      name.startsWith(prefix) ? [[name.slice(prefix.length), textOf(text) ?? ""]] : [],
    ),
  );

/** A line, and the key that it is made of. */
export const line = (text: string, key: string): string => `${text} # ${key}`;

/** A line that is made of a key, with where that stands. */
export const placed =
  (placeOf: (key: string) => string | null) =>
  (text: string): string => {
    const [, key] = / # ([\w./-]+)$/.exec(text) ?? [];
    const place = key === undefined ? null : placeOf(key);
    return place === null ? text : `${text} (${place})`;
  };

/** Of the annotation, else of the ConfigMap; with what it is made of. */
const either = (annotations: Annotations, settings: Settings, key: Setting): { value: string; key: string } => {
  const own = annotations.get(key);
  return own === undefined ? { value: settings[key], key } : { value: own, key: prefix + key };
};

const timed = ["proxy-connect-timeout", "proxy-send-timeout", "proxy-read-timeout"] as const;
const plain = [
  "proxy-buffering",
  "proxy-buffer-size",
  "proxy-max-temp-file-size",
  "proxy-request-buffering",
  "proxy-http-version",
  "proxy-next-upstream",
] as const;

const directive = (key: string): string => key.replaceAll("-", "_");

/** The lines of a location that forwards. */
export const proxyLines = (annotations: Annotations, settings: Settings): string[] => {
  const of = (key: Setting): { value: string; key: string } => either(annotations, settings, key);
  const body = of("proxy-body-size");
  const buffers = of("proxy-buffers-number");
  return [
    line(`client_max_body_size ${body.value};`, body.key),
    ...timed.map((key) => line(`${directive(key)} ${of(key).value}s;`, of(key).key)),
    ...plain.map((key) => line(`${directive(key)} ${of(key).value};`, of(key).key)),
    line(`proxy_buffers ${buffers.value} ${of("proxy-buffer-size").value};`, buffers.key),
    line(`proxy_next_upstream_timeout ${of("proxy-next-upstream-timeout").value};`, of("proxy-next-upstream-timeout").key),
    line(`proxy_next_upstream_tries ${of("proxy-next-upstream-tries").value};`, of("proxy-next-upstream-tries").key),
    ...own(annotations, "limit-rate", (value) => `limit_rate ${value}k;`),
    ...own(annotations, "limit-rate-after", (value) => `limit_rate_after ${value}k;`),
    ...own(annotations, "client-body-buffer-size", (value) => `client_body_buffer_size ${value};`),
    ...own(annotations, "whitelist-source-range", (value) => [...addresses(value).map((one) => `allow ${one};`), "deny all;"].join(" ")),
    ...own(annotations, "denylist-source-range", (value) =>
      addresses(value)
        .map((one) => `deny ${one};`)
        .join(" "),
    ),
    ...own(annotations, "x-forwarded-prefix", (value) => `proxy_set_header X-Forwarded-Prefix "${value}";`),
    ...own(annotations, "auth-url", () => "auth_request /_external-auth;"),
    ...own(annotations, "auth-type", (value) =>
      value === "basic" ? `auth_basic "${annotations.get("auth-realm") ?? ""}"; auth_basic_user_file /etc/ingress-controller/auth;` : "",
    ),
    ...own(annotations, "enable-cors", (value) => (value === "true" ? 'more_set_headers "Access-Control-Allow-Origin: *";' : "")),
    ...snippet(annotations.get("configuration-snippet"), `${prefix}configuration-snippet`),
    ...snippet(settings["location-snippet"], "location-snippet"),
  ];
};

const own = (annotations: Annotations, key: string, made: (value: string) => string): string[] => {
  const value = annotations.get(key);
  const text = value === undefined ? "" : made(value);
  return text === "" ? [] : [line(text, prefix + key)];
};

const addresses = (list: string): string[] => list.split(/[\s,]+/).filter((one) => /^[\da-fA-F.:/]+$/.test(one));

/** As it is, after a line that says where it comes from. */
export const snippet = (text: string | undefined, key: string): string[] =>
  text === undefined || text.trim() === "" ? [] : [`# ${key}:`, ...text.trimEnd().split("\n")];

const rendered = new Set([
  ...timed,
  ...plain,
  ..."proxy-body-size proxy-buffers-number proxy-next-upstream-timeout proxy-next-upstream-tries limit-rate limit-rate-after client-body-buffer-size whitelist-source-range denylist-source-range x-forwarded-prefix auth-url auth-type auth-realm auth-secret enable-cors configuration-snippet server-snippet backend-protocol ssl-redirect force-ssl-redirect rewrite-target use-regex server-alias upstream-vhost connection-proxy-header limit-connections limit-rps limit-rpm limit-burst-multiplier".split(
    " ",
  ),
]);

/** Names of those that are not rendered: none of them is known to change how a response is passed on, or they are for another controller. */
export const notRenderedOf = (annotations: Annotations): string[] =>
  [...annotations.keys()].filter((key) => !rendered.has(key)).map((key) => prefix + key);
