// The main file around a fragment, which in its place would be that of the image.

/** What it includes is named one by one: an image's own sites stay out. Workers that are root need no account. */
export const mainFor = (fragments: readonly string[]): string => `user root;
worker_processes 1;
error_log stderr warn;
include /etc/nginx/modules-enabled/*.conf;
events { worker_connections 1024; }
http {
  include /etc/nginx/mime.types;
  default_type application/octet-stream;
  access_log off;
  sendfile on;
  keepalive_timeout 65;
${fragments.map((target) => `  include "${target.replaceAll(/["\\]/g, "\\$&")}";\n`).join("")}}
`;
