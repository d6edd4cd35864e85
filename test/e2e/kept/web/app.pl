#!/usr/bin/perl
# An application of somebody's own: what it sends is chosen by the path. Only what Debian's smallest image has.
use strict;
use warnings;
use IO::Socket::INET;

$| = 1;
$SIG{CHLD} = 'IGNORE';
my ($port, $one_at_a_time) = @ENV{qw(PORT ONE_AT_A_TIME)};
my $greeting = $ENV{GREETING} // greeting_from($ENV{GREETING_FROM} // die "neither GREETING nor GREETING_FROM is set\n");

# Of the engine's own machine something may answer; nothing further away does.
die "there is a way out\n" if IO::Socket::INET->new(PeerAddr => $ENV{OUTSIDE} // '1.1.1.1', PeerPort => 53, Timeout => 0.5);

my $server = IO::Socket::INET->new(LocalPort => $port, Listen => 64, ReuseAddr => 1) or die "cannot listen on $port: $!\n";
print "listening on $port, greets with $greeting\n";

sub greeting_from {
  my $other = IO::Socket::INET->new($_[0]) or die "cannot reach $_[0]: $@\n";
  print $other "GET /at-once HTTP/1.0\r\n\r\n";
  my $answer = join '', <$other>;
  return $answer =~ /"greeting": "(\w+)"/ ? $1 : die "no greeting from $_[0]: $answer\n";
}

# A client of HTTP/1.0 knows no chunks: the end of the connection is the end of the body.
sub piece {
  my ($client, $chunks, $text) = @_;
  return $chunks ? printf $client "%x\r\n%s\r\n", length $text, $text : print $client $text;
}

while (my $client = $server->accept) {
  my $child = $one_at_a_time ? 0 : fork // die "cannot fork: $!\n";
  if ($child) { close $client; next }
  $SIG{PIPE} = 'IGNORE';
  $client->autoflush(1);
  my ($path, $chunks) = (<$client> // '') =~ m{^\S+ (\S+) HTTP/1\.([01])};
  while (my $line = <$client>) { last if $line eq "\r\n" }
  if (defined $path) {
    my @events = map { "data: {\"number\": $_, \"greeting\": \"$greeting\"}\n\n" } 1 .. ($path eq '/endless' ? 1000 : 10);
    print $client "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n", $chunks ? "Transfer-Encoding: chunked\r\n" : '', "Connection: close\r\n\r\n";
    if ($path eq '/at-once') { piece($client, $chunks, join '', @events) }
    else {
      for my $event (@events) {
        select undef, undef, undef, 0.2;
        last unless piece($client, $chunks, $event);
      }
    }
    print $client "0\r\n\r\n" if $chunks;
  }
  close $client;
  exit 0 unless $one_at_a_time;
}
