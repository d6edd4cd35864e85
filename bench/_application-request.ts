// One request to an application from within its network, which has no route from outside: bench/_application-client.ts starts it there.
import { request } from "./_application-client.ts";
import type { Asked } from "./_application-client.ts";

const { address, target, bytesPerSecond } = JSON.parse(process.argv[2] ?? "") as Asked;
process.stdout.write(JSON.stringify(await request(address, target, bytesPerSecond ?? Infinity)));
