// ingress-nginx, which makes an nginx.conf of Kubernetes' Ingresses: https://kubernetes.github.io/ingress-nginx/
import { titleOf } from "../../../kubernetes.ts";
import type { Controller } from "../../../server.ts";
import { configurationFolder } from "../image-files.ts";
import { isForAnother, renderIngress } from "./render.ts";
import { aboutSettings, isSettings } from "./settings.ts";

const checked = "> nginx.dump, and then hopwise check nginx.dump";
const dump = `kubectl exec -n ingress-nginx deploy/ingress-nginx-controller -- nginx -T ${checked}`;
const dumpOfF5 = `kubectl exec -n nginx-ingress deploy/nginx-ingress -- nginx -T ${checked}`;
const dumpOfPod = `kubectl exec -n NAMESPACE POD -c nginx -- nginx -T ${checked}`;

const snippets = /^nginx\.ingress\.kubernetes\.io\/(?:configuration|server)-snippet$/;

export const ingressNginx: Controller = {
  dump,
  render: (objects) => {
    const rendered = renderIngress(objects);
    if (!rendered) return null;
    const { text, notRendered } = rendered;
    const names = objects.filter(({ kind }) => kind === "Ingress").map(({ name }) => name);
    const settings = objects.filter(isSettings).map(titleOf);
    const usesSnippets = objects.some(
      ({ value }) => JSON.stringify(value).match(/"nginx\.ingress\.kubernetes\.io\/[a-z]+-snippet"/) !== null,
    );
    return {
      main: `${configurationFolder}/nginx.conf`,
      text,
      what: {
        what: `an nginx.conf made of the Kubernetes Ingress ${names.join(", ")}, as ingress-nginx 1.9 to 1.11 makes it`,
        why: `with its documented defaults${settings.length > 0 ? ` and ${settings.join(", ")}` : "; a ConfigMap of the controller may say otherwise: put it into the same file"}, and with the services in place of its balancer; what really runs: ${dump}`,
      },
      notRendered: [
        ...notRendered
          .filter((name) => !snippets.test(name))
          .map((name) => ({ what: `without ${name}`, why: "it is not known to change how responses are passed on" })),
        ...(usesSnippets
          ? [
              {
                what: "snippets of annotations are taken over",
                why: "ingress-nginx 1.9 and later refuse them unless allow-snippet-annotations is true",
              },
            ]
          : []),
      ],
    };
  },
  about: (object) => {
    if (isSettings(object))
      return `is a ConfigMap of ingress-nginx, no configuration by itself: ${aboutSettings(object)}; put the Ingress into the same file to check both, or dump what runs: ${dump}`;
    const { apiVersion, kind, value } = object;
    if (/^k8s\.nginx\.(?:org|com)\//.test(apiVersion) || (kind === "Ingress" && isForAnother(JSON.stringify(value))))
      return `is ${titleOf(object)} for the NGINX Ingress Controller of F5, which makes another configuration than ingress-nginx; what runs can be checked: ${dumpOfF5}`;
    if (apiVersion.startsWith("gateway.networking.k8s.io/"))
      return `is ${titleOf(object)} of the Gateway API, which does not say how its gateway forwards; where that is an nginx, what runs can be checked: ${dumpOfPod}`;
    return kind === "Ingress"
      ? `is ${titleOf(object)} of Kubernetes that names no service, or one for another controller than ingress-nginx; what runs can be checked: ${dump}`
      : null;
  },
};
