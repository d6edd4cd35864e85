// ingress-nginx's settings for all Ingresses: its documented defaults, and what its ConfigMap says instead.
// https://kubernetes.github.io/ingress-nginx/user-guide/nginx-configuration/configmap/
import { recordAt, textOf } from "../../../kubernetes.ts";
import type { KubernetesObject } from "../../../kubernetes.ts";

/** Of 1.9 to 1.11; those that streams, their limits and their encodings depend on. */
const defaults = {
  "client-body-buffer-size": "8k",
  "client-body-timeout": "60",
  "client-header-timeout": "60",
  "enable-brotli": "false",
  "brotli-level": "4",
  "brotli-types":
    "application/xml+rss application/atom+xml application/javascript application/x-javascript application/json application/rss+xml application/vnd.ms-fontobject application/x-font-ttf application/x-web-app-manifest+json application/xhtml+xml application/xml font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain text/x-component",
  "gzip-level": "1",
  "gzip-min-length": "256",
  "gzip-types":
    "application/atom+xml application/javascript application/x-javascript application/json application/rss+xml application/vnd.ms-fontobject application/x-font-ttf application/x-web-app-manifest+json application/xhtml+xml application/xml font/opentype image/svg+xml image/x-icon text/css text/javascript text/plain text/x-component",
  "http-snippet": "",
  "keep-alive": "75",
  "keep-alive-requests": "1000",
  "limit-conn-status-code": "503",
  "limit-rate": "0",
  "limit-rate-after": "0",
  "limit-req-status-code": "503",
  "location-snippet": "",
  "proxy-body-size": "1m",
  "proxy-buffer-size": "4k",
  "proxy-buffering": "off",
  "proxy-buffers-number": "4",
  "proxy-connect-timeout": "5",
  "proxy-http-version": "1.1",
  "proxy-max-temp-file-size": "1024m",
  "proxy-next-upstream": "error timeout",
  "proxy-next-upstream-timeout": "0",
  "proxy-next-upstream-tries": "3",
  "proxy-read-timeout": "60",
  "proxy-request-buffering": "on",
  "proxy-send-timeout": "60",
  "server-snippet": "",
  "ssl-redirect": "true",
  "upstream-keepalive-connections": "320",
  "upstream-keepalive-requests": "10000",
  "upstream-keepalive-timeout": "60",
  "use-gzip": "false",
  "use-http2": "true",
  "worker-shutdown-timeout": "240s",
};

export type Setting = keyof typeof defaults;
export type Settings = Readonly<Record<Setting, string>>;

const isSetting = (key: string): key is Setting => Object.hasOwn(defaults, key);

/** A ConfigMap of the controller holds settings, and no files. */
export const isSettings = ({ kind, name, value }: KubernetesObject): boolean => {
  const keys = Object.keys(recordAt(value, "data"));
  const known = keys.filter(isSetting).length;
  return (
    kind === "ConfigMap" && (/ingress.*nginx|nginx.*ingress/.test(name) ? known > 0 : known >= 3) && keys.every((key) => !key.includes("."))
  );
};

export const settingsOf = (objects: readonly KubernetesObject[]): Settings => {
  const given = objects.filter(isSettings).flatMap(({ value }) => Object.entries(recordAt(value, "data")));
  const known = given.flatMap(([key, value]): [string, string][] => (isSetting(key) ? [[key, textOf(value) ?? ""]] : []));
  return { ...defaults, ...Object.fromEntries(known) };
};

/** Where a ConfigMap has this key; null: it is the controller's default, or no setting. */
export const placeOfSetting = (objects: readonly KubernetesObject[], key: string): string | null =>
  isSetting(key)
    ? (objects
        .filter(isSettings)
        .findLast((one) => one.placeOf("data", key) !== null)
        ?.placeOf("data", key) ?? null)
    : null;

const whatItDoes: Partial<Record<Setting, (value: string, settings: Settings) => string>> = {
  "use-gzip": (value) => (value === "true" ? "responses are compressed, and held where buffering is on" : "nothing is compressed"),
  "gzip-types": (value) =>
    /text\/event-stream|\*/.test(value) ? "event streams are compressed if use-gzip is true" : "event streams are not compressed",
  "enable-brotli": (value) => (value === "true" ? "responses are compressed with brotli, and held where buffering is on" : "no brotli"),
  "proxy-buffering": (value) =>
    value === "on" ? "responses are buffered, unless an Ingress or the application says otherwise" : "responses are passed on as they come",
  "proxy-http-version": (value) =>
    value === "1.0" ? "a response that breaks off looks complete" : "a response that breaks off is cut visibly",
  "proxy-read-timeout": (value) => `a stream that is silent for ${value} s is cut`,
  "proxy-send-timeout": (value) => `an upload that stands still for ${value} s is cut`,
  "proxy-request-buffering": (value) =>
    value === "on" ? "uploads are held until they are complete" : "uploads are passed on as they come",
  "proxy-next-upstream": () => "when a request is sent a second time",
  "proxy-body-size": (value) => (value === "0" ? "uploads of any size" : `uploads of more than ${value} are refused`),
  "limit-rate": (value) => (value === "0" ? "no rate limit" : `a buffered response is slowed down to ${value} bytes a second`),
  "worker-shutdown-timeout": (value) => `streams are cut ${value} after a reload`,
};

/** Of a ConfigMap: the keys that matter for streams, with what they say. */
export const aboutSettings = (object: KubernetesObject): string => {
  const settings = settingsOf([object]);
  const said = Object.keys(recordAt(object.value, "data"))
    .filter(isSetting)
    .flatMap((key) => {
      const does = whatItDoes[key]?.(settings[key], settings);
      return does === undefined ? [] : [`${key}: "${settings[key]}" (${does})`];
    });
  return said.length === 0 ? "none of its keys matters for streams" : `these keys of it matter for streams: ${said.join("; ")}`;
};
