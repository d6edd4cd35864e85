# A proxy that passes everything on at once, and ends every response 40 seconds after its request, by its own clock.
use strict;
use IO::Socket::INET;
use IO::Select;
use POSIX qw(strftime);
$SIG{CHLD} = "IGNORE";
my $listening = IO::Socket::INET->new(LocalPort => 80, Listen => 64, ReuseAddr => 1) or die "port 80: $!";
while (1) {
  my $client = $listening->accept or next;
  next if fork;
  my $head = "";
  sysread($client, $head, 65536, length $head) or exit while $head !~ /\r\n\r\n/;
  if ($head !~ /^host:/im) {
    my $date = strftime("%a, %d %b %Y %H:%M:%S GMT", gmtime);
    syswrite($client, "HTTP/1.1 400 Bad Request\r\nDate: $date\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
    exit;
  }
  my $until = time + 40;
  my $upstream = IO::Socket::INET->new("web:8000") or die "web:8000: $!";
  syswrite($upstream, $head);
  my $both = IO::Select->new($client, $upstream);
  while ((my $left = $until - time) > 0) {
    for my $from ($both->can_read($left)) {
      my $read = sysread($from, my $bytes, 65536) or exit;
      syswrite($from == $client ? $upstream : $client, $bytes);
    }
  }
  exit;
}
