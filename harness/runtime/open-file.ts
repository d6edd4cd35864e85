// Opens a file in the program that the system has for it.
// oxlint-disable-next-line no-restricted-imports -- the reader's browser goes on after this run, so no guard may end it
import { spawn } from "node:child_process";
import { once } from "node:events";

const openers: Partial<Record<NodeJS.Platform, [program: string, ...args: string[]]>> = {
  darwin: ["open"],
  win32: ["rundll32", "url.dll,FileProtocolHandler"],
};

/** False: there is no such program. */
export const openFile = async (file: string): Promise<boolean> => {
  const [program, ...args] = openers[process.platform] ?? ["xdg-open"];
  const child = spawn(program, [...args, file], { detached: true, stdio: "ignore" });
  child.unref();
  return once(child, "spawn").then(
    () => true,
    () => false,
  );
};
