// Where each directive is documented; those of http in general and of proxying are many, and not listed.
import { docs } from "./docs.ts";
import { families } from "./families.ts";

const listed = families.flatMap(({ pages = {} }) => Object.entries(pages));

const pageWith = new Map(listed.flatMap(([page, names]) => names.split(" ").map((name) => [name, page] as const)));

export const pageOf = (directive: string): string => {
  if (/(?:^|_)lua(?:_|$)/.test(directive)) return `https://github.com/openresty/lua-nginx-module#${directive}`;
  const prefix = /^(?:proxy|uwsgi|fastcgi|scgi|grpc)(?=_)/.exec(directive)?.[0];
  const page = pageWith.get(directive) ?? `http/ngx_http_${prefix ?? "core"}_module`;
  return page.startsWith("https:") ? `${page}#${directive}` : `${docs}${page}.html#${directive}`;
};
