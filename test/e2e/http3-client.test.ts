// The program that speaks HTTP/3 for the lab, in front of a server of aioquic that answers by script: what it reports of each answer.
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { packageRoot } from "../../harness/catalog/package-root.ts";
import { http3Program } from "../../harness/runtime/http3/program.ts";
import { recipeOf } from "../../harness/runtime/images.ts";
import { measuredIn } from "./_measured.ts";
import { describeWithEngine, engine } from "./engine.ts";

const whole = ["head 200", "end", "5 bytes"];

const expected = {
  "/whole": whole,
  // A length without content: RFC 9110 section 8.6.
  HEAD: ["head 200", "end", "0 bytes"],
  "/304": ["head 304", "end", "0 bytes"],
  // Both header sections in one packet.
  "/interim": ["head 103", ...whole],
  "/trailers": whole,
  "/broken": ["unreadable", "0 bytes"],
  "/reset": ["head 200", "reset H3_INTERNAL_ERROR", "5 bytes"],
  "/close": ["head 200", "closed H3_INTERNAL_ERROR", "5 bytes"],
  "/close at once": true,
  // Of QUIC itself, caused by a frame of unknown type: RFC 9000 section 19.19.
  "/close-by-quic": ["head 200", "closed INTERNAL_ERROR", "5 bytes"],
  "/close-by-quic at once": true,
  "nothing listens": ["refused", "0 bytes"],
  upload: whole,
  uploaded: 10,
  left: ["StopSendingReceived", "StreamReset"],
  // The frames around the records take more of the window than the records.
  "small and slow": ["head 200", "end", "60000 bytes"],
};

describeWithEngine("the lab's client for HTTP/3", () => {
  const tags: string[] = [];
  afterAll(async () => {
    await Promise.all(tags.map((tag) => engine().docker.getImage(tag).remove({ force: true })));
  });

  it("reports what an answer is, and leaves nothing open", async () => {
    const client = await readFile(join(packageRoot, "harness/runtime/http3/client.py"), "utf8");
    const { "descriptors left": left, ...answers } = await measuredIn<typeof expected & { "descriptors left": number }>(
      { ...recipeOf(http3Program), files: ["measure.py"], more: { "client.py": client } },
      (tag) => tags.push(tag),
    );
    expect(answers).toEqual(expected);
    expect(left).toBeLessThan(5);
  });
});
