// What the public image starts with, for a build that lacks it: scripts of /docker-entrypoint.d in their order, templates filled in, and then the
// server. https://github.com/nginx/docker-nginx/tree/master/entrypoint

const entryPoint = `#!/bin/sh
set -e
if [ "$1" = nginx ] || [ "$1" = nginx-debug ]; then
  for script in $(find /docker-entrypoint.d/ -follow -type f -print | sort -V); do
    case $script in
      *.envsh) if [ -x "$script" ]; then . "$script"; fi ;;
      *.sh) if [ -x "$script" ]; then "$script"; fi ;;
    esac
  done
fi
exec "$@"
`;

const templates = `#!/bin/sh
set -e
from=\${NGINX_ENVSUBST_TEMPLATE_DIR:-/etc/nginx/templates}
to=\${NGINX_ENVSUBST_OUTPUT_DIR:-/etc/nginx/conf.d}
suffix=\${NGINX_ENVSUBST_TEMPLATE_SUFFIX:-.template}
filter=\${NGINX_ENVSUBST_FILTER:-}
[ -d "$from" ] || exit 0
names=$(awk -v filter="$filter" 'BEGIN { for (name in ENVIRON) if (name ~ filter) printf "\${%s} ", name }')
find "$from" -follow -type f -name "*$suffix" -print | while read -r template; do
  output="$to/$(echo "$template" | sed -e "s#^$from/##" -e "s#$suffix\\$##")"
  mkdir -p "$(dirname "$output")"
  envsubst "$names" < "$template" > "$output"
done
`;

/** By their places; each can be run. */
export const entryPointFiles = [
  { target: "/docker-entrypoint.sh", body: entryPoint },
  { target: "/docker-entrypoint.d/20-envsubst-on-templates.sh", body: templates },
];
