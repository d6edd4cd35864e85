# What Hopwise starts, it starts through this: `sh -c <this> hopwise-guard <tag> <program> [arguments]`, with the control on fd 3.
# A watcher reads the control before the program exists. "end" there is a TERM to the program, the end of the control (all that a
# `kill -9` of Hopwise leaves) a KILL. Every line is a step at which Hopwise may be killed: test/unit/runtime/guard-lines.test.ts tries them all.
#
# The program and its descendants are found by a tag that none of them loses by forking, by a session of its own, by closing files or by
# clearing its environment: a soft limit of the resident set, which Linux inherits, shows to everyone and never applies (getrlimit(2):
# RLIMIT_RSS; proc_pid_stat(5): field 25, in bytes). Elsewhere they are the guard's process group.
tag=$1
shift
# The guard itself takes another one, since it must not end with a Hopwise that runs inside a Hopwise.
ulimit -S -m $((tag + 1)) 2>/dev/null
exec 9<&0
trap '' HUP INT QUIT PIPE ALRM TERM USR1 USR2
(
  exec </dev/null >/dev/null 2>&1 4>&- 9<&-
  PATH=$PATH:/usr/bin:/bin
  tagged() {
    grep -lsE "\) [^ZXx] .* $((tag * 1024)) " /proc/[0-9]*/stat
  }
  signal() {
    for stat in $2; do
      pid=${stat#/proc/}
      kill "-$1" "${pid%/stat}"
    done
  }
  read -r order <&3
  found=$(tagged)
  if [ "$found" ]; then
    signal TERM "$found"
  else
    kill -TERM 0
  fi
  if [ "$order" ]; then
    read -r order <&3
  else
    sleep 1
  fi
  # From here on nothing more is started.
  kill -KILL $$
  before=
  found=$(tagged)
  until [ "$found" = "$before" ]; do
    signal KILL "$found"
    before=$found
    found=$(tagged)
  done
  kill -KILL 0
) &
ulimit -S -m "$tag" 2>/dev/null
(
  trap - HUP INT QUIT PIPE ALRM TERM USR1 USR2
  exec "$@" <&9 3>&- 9<&-
) &
program=$!
exec </dev/null >/dev/null 2>&1 4>&- 9<&-
echo "pid $program" >&3
wait "$program"
echo "exit $?" >&3
wait
