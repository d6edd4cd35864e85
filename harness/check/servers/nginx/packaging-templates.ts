// Templates that the image `nginx` fills in before it starts: every file `x.template` becomes a file `x`. Pure.
import { containerPath } from "../../../deployment/container-files.ts";
import type { Packaging } from "../../../deployment/packaging.ts";

export const filledByEntryPoint: Packaging["filledByEntryPoint"] = (files, environment) => {
  const from = containerPath(environment.get("NGINX_ENVSUBST_TEMPLATE_DIR") ?? "/etc/nginx/templates");
  const to = containerPath(environment.get("NGINX_ENVSUBST_OUTPUT_DIR") ?? "/etc/nginx/conf.d");
  const suffix = environment.get("NGINX_ENVSUBST_TEMPLATE_SUFFIX") ?? ".template";
  const chosen = filterOf(environment.get("NGINX_ENVSUBST_FILTER") ?? "");
  const variables = [...environment.keys()].filter(chosen);
  return files
    .filter(({ target }) => target.startsWith(`${from}/`) && target.endsWith(suffix) && suffix !== "")
    .map(({ target }) => ({ from: target, to: containerPath(to + target.slice(from.length, -suffix.length)), variables }));
};

/** An expression with nested repetition could take forever, and is not used. */
const filterOf = (filter: string): ((name: string) => boolean) => {
  if (filter === "" || filter.length > 200 || /\)[*+?{]|[{\\]/.test(filter) || (filter.match(/[*+]/g)?.length ?? 0) > 3) return () => true;
  try {
    const pattern = new RegExp(filter);
    return (name) => name.length < 200 && pattern.test(name);
  } catch {
    return () => true;
  }
};
