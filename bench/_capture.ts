// tcpdump on the loopback interface.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { Skipped } from "./_figure.ts";

export interface Capture {
  /** Ends it and returns its file. */
  end: () => Promise<Buffer>;
}

/** tcpdump(8); a name, so that it is not taken for a program of this package. */
const program = "tcpdump";
const fix = "install it (Debian: apt-get install -y --no-install-recommends tcpdump) and run the bench as root";

/** `filter` in pcap-filter(7)'s language. */
export const startCapture = async (filter: string): Promise<Capture> => {
  const args = ["-i", "lo", "-n", "--nano", "-B", "8192", "-w", "-", filter];
  const child = spawn(program, args, { stdio: ["ignore", "pipe", "pipe"] });
  const pieces: Buffer[] = [];
  let said = "";
  const listening = Promise.withResolvers<void>();
  const closed = once(child, "close");
  closed.catch(() => {});
  process.on("exit", () => child.kill());
  child.stdout.on("data", (piece: Buffer) => pieces.push(piece));
  child.stderr.setEncoding("utf8").on("data", (text: string) => {
    said += text;
    if (said.includes("listening on")) listening.resolve();
  });
  child.on("error", ({ message }) => listening.reject(new Skipped(`tcpdump cannot be started (${message}): ${fix}`)));
  child.on("exit", () => listening.reject(new Skipped(`tcpdump does not capture (${said.trim().replaceAll(/\s+/g, " ")}): ${fix}`)));
  await listening.promise;
  return {
    end: async () => {
      child.kill("SIGINT");
      await closed;
      const dropped = Number(/(\d+) packets dropped by kernel/.exec(said)?.[1] ?? 0);
      if (dropped > 0) throw new Error(`tcpdump missed ${dropped} packets: ${said.trim()}`);
      return Buffer.concat(pieces);
    },
  };
};
