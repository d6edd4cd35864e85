// nginx, as one of the servers whose configurations can be checked.
import type { CheckableServer } from "../../server.ts";
import { checked } from "./checked.ts";
import { recognizes } from "./given.ts";
import { ingressNginx } from "./ingress/index.ts";
import { packaging } from "./packaging.ts";
import { readDeployed, readNginx } from "./read.ts";

const nginx: CheckableServer = {
  id: "nginx",
  packaging,
  recognizes,
  controller: ingressNginx,
  read: async (source, options) =>
    checked(
      source.kind === "path"
        ? await readNginx(source.given, { ...options, cwd: source.cwd })
        : await readDeployed(source.given, source, options),
    ),
};

export default nginx;
