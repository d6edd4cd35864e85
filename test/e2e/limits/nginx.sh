#!/bin/sh
# Stands before the nginx of an image, and loses what was to make its clock run faster, as wrappers that clean their environment do.
# In place of one configuration it starts another program.
case "$*" in
  *-v*) ;;
  *) if grep -rq "a total limit" /etc/nginx; then exec perl /usr/local/lib/total-timeout.pl; fi ;;
esac
unset FAKETIME
exec /usr/sbin/nginx.real "$@"
