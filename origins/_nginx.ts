import type { Render } from "../harness/define.ts";

/** The configuration of the nginx that stands in front of an application, in the application's own container. `passing`: the directives of its
 *  only location, one in each line. */
export const nginxInFront = ({ listenPort }: Pick<Render, "listenPort">, passing: readonly string[]): string => `user root;
worker_processes 1;
pid nginx.pid;
error_log stderr warn;
events { worker_connections 1024; }
http {
  access_log off;
  client_body_temp_path body;
  proxy_temp_path proxy;
  fastcgi_temp_path fastcgi;
  uwsgi_temp_path uwsgi;
  scgi_temp_path scgi;
  server {
    listen ${listenPort};
    location / {
${passing.map((line) => `      ${line}\n`).join("")}    }
  }
}
`;
