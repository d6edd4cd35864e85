// How Pushpin is started: as a hop of its own, and in front of an application in the application's container.
import type { Render } from "../harness/define.ts";

interface Place extends Pick<Render, "listenPort" | "folder"> {
  /** What it forwards to: a host and a port. */
  target: string;
  /** Further lines of its file of routes. */
  routes?: readonly string[];
  /** Where what is published comes in by HTTP, if at all: a port of the container. */
  controlPort?: string;
}

/** Its settings are those of the file that comes with it, where they matter to one server. What a host has once, such as a socket, is in the
 *  server's own folder. */
const configuration = ({ listenPort, folder, controlPort }: Place): string => `[global]
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
${controlPort === undefined ? "" : `push_in_http_addr=127.0.0.1\npush_in_http_port=${controlPort}\n`}`;

const zurl = ({ folder }: Place): string => `[General]
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

/** `pushpin.sh` starts it; its argument is the folder. */
export const pushpinFiles = (place: Place): Record<string, string> => ({
  "pushpin.conf": configuration(place),
  "zurl.conf": zurl(place),
  routes: [...(place.routes ?? []), `* ${place.target}`].map((line) => `${line}\n`).join(""),
  "pushpin.sh": start,
});
