import { defineServer } from "../harness/define.ts";
import type { Render } from "../harness/define.ts";

/** Its settings are those of the file that comes with it, where they matter to one hop. What a host has once, such as a socket, is in the
 *  server's own folder. */
const configuration = ({ listenPort, folder }: Render): string => `[global]
include={libdir}/internal.conf
rundir=${folder}/run
ipc_prefix=pushpin-

[runner]
services=condure,pushpin-proxy,pushpin-handler
http_port=${listenPort}
logdir=${folder}
client_buffer_size=8192
client_maxconn=50000

[proxy]
routesfile=routes
zurl_out_specs=ipc://${folder}/run/zurl-in
zurl_out_stream_specs=ipc://${folder}/run/zurl-in-stream
zurl_in_specs=ipc://${folder}/run/zurl-out

[handler]
push_in_spec=ipc://${folder}/run/push
push_in_sub_specs=ipc://${folder}/run/push-sub
command_spec=ipc://${folder}/run/command
message_rate=2500
message_hwm=25000
`;

const zurl = ({ folder }: Render): string => `[General]
in_spec=ipc://${folder}/run/zurl-in
in_stream_spec=ipc://${folder}/run/zurl-in-stream
out_spec=ipc://${folder}/run/zurl-out
defpolicy=allow
max_open_requests=2000
buffer_size=200000
timeout=600
`;

// Pushpin 1.36 has a daemon of its own as its HTTP client, zurl, which Debian starts as a service.
const start = `cd "$1" && mkdir -p run
command -v zurl > /dev/null && zurl --config=zurl.conf &
exec pushpin --merge-output --config="$1/pushpin.conf"
`;

export default defineServer({
  kind: "binary",
  title: "Pushpin, which can hold a stream for its application (GRIP)",
  link: "https://pushpin.org/docs/about/",
  binary: "sh",
  name: "pushpin",
  isProvenByVersion: true,
  version: { args: ["-c", "pushpin --version"], pattern: /pushpin ([\d.]+)/ },
  debian: { release: "sid", packages: ["pushpin/sid"] },
  versions: { "1.36": { release: "bookworm", packages: ["pushpin"] }, "1.41": { release: "sid" } },
  image: "fanout/pushpin:1.41.0",
  clock: "libfaketime",
  files: (render) => ({
    "pushpin.conf": configuration(render),
    "zurl.conf": zurl(render),
    routes: `* ${render.upstream.hostname}:${render.upstream.port}\n`,
    "start.sh": start,
  }),
  args: ({ folder }) => [`${folder}/start.sh`, folder],
  variants: { default: { title: "one route, and otherwise the settings that it comes with" } },
});
