// Which proxies of a deployment a check is about, and which it is not. Pure.
import type { CheckReport } from "./check-report.ts";

type Proxies = Pick<CheckReport, "proxies">;

/** E.g. `Traefik` of a title, `nginx` of `nginx/1.26.3`. */
const named = (service: string, what: string): string => `${service} (${what.split("/")[0] ?? what})`;

const notChecked = ({ proxies }: Proxies): string | null =>
  proxies === undefined || proxies.notChecked.length === 0
    ? null
    : `not checked: ${proxies.notChecked.map(({ service, title }) => named(service, title)).join(", ")}`;

/** E.g. `checked: edge (nginx) → web (nginx); not checked: lb (Traefik)`; empty where there is one proxy. */
export const proxiesSentence = ({ proxies }: Proxies): string[] => {
  if (!proxies) return [];
  const checked = proxies.checked.map(({ service, version }) => named(service, version)).join(" → ");
  return [[`checked: ${checked}`, ...notCheckedProxies({ proxies })].join("; ")];
};

/** What nothing is known of. */
export const notCheckedProxies = (report: Proxies): string[] => {
  const text = notChecked(report);
  return text === null ? [] : [text];
};

/** What each server ran in: of several, a line each. */
export const ranIn = ({ server, proxies }: Pick<CheckReport, "server" | "proxies">): string[] => {
  const words = ({ version, image, why }: CheckReport["server"]): string => `${version} in ${image}${why === "" ? "" : ` (${why})`}`;
  return proxies && proxies.checked.length > 1
    ? proxies.checked.map(({ service, ...one }) => `${service}: ${words(one)}`)
    : [words(server)];
};
