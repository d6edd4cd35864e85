// What the same nginx does in front of a real application server and of the lab's relay. All of it was expected before it was first asked.

/** The same from both. */
const both = {
  "buffered: records of 100 B": "0 of 8 on time, complete",
  "buffered: less than its Content-Length": "4 records, cut",
  "buffered: HEAD": "200, complete",
  "unbuffered: records of 100 B": "8 of 8 on time, complete",
  "unbuffered: records of 5000 B": "8 of 8 on time, complete",
  "unbuffered: less than its Content-Length": "4 records, cut",
  "unbuffered: the client leaves": "noticed",
  "unbuffered: HEAD": "200, complete",
};

/** An application that fails, and one whose process is killed, close the connection in order: without a Content-Length nginx takes that for the
 *  end. The lab resets the connection, since only that shows what nginx makes of a cut (docs/check.md). */
const closing = {
  "buffered: the application fails": "4 records, complete",
  "buffered: its process is killed": "4 records, complete",
  "unbuffered: the application fails": "4 records, complete",
  "unbuffered: its process is killed": "4 records, complete",
};
const resetting = {
  "buffered: the application fails": "4 records, cut",
  "buffered: its process is killed": "4 records, cut",
  "unbuffered: the application fails": "4 records, cut",
  "unbuffered: its process is killed": "4 records, cut",
};

export const expected = {
  real: { ...both, ...closing },
  scripted: { ...both, ...resetting },
};

/** Of these only that both are the same: how much fits into nginx's buffers. */
export const alike = "buffered: records of 5000 B";
