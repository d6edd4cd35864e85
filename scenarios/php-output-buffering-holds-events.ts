import { defineScenario } from "../harness/define.ts";

export default defineScenario({
  title: "output_buffering=4096 of php.ini-production holds what flush() would send until 4096 bytes have come",
  chain: [{ app: "php:output-buffering" }],
  trial: { kind: "paced", recordBytes: 1500, records: 12 },
  does: { deliver: "batched", culprit: "php" },
  because: "https://www.php.net/manual/en/function.flush.php",
  fixedBy: "php-unbuffered-streams-events",
});
