<?php
// Served by PHP-FPM: what a stream's last path segment asks for.
$kind = basename(parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$size = $kind === 'large' ? 5000 : 100;
header('Content-Type: text/plain');
if ($kind === 'short') header('Content-Length: 800');
register_shutdown_function(function () {
    if (connection_aborted()) file_put_contents('/tmp/noticed', $_SERVER['QUERY_STRING'] . "\n", FILE_APPEND);
});
$records = $kind === 'endless' ? 60 : 8;
for ($number = 0; $number < $records; $number++) {
    if ($kind === 'killed' && $number === 4) posix_kill(getmypid(), 9);
    if ($kind === 'failing' && $number === 4) throw new Exception('the application fails');
    if ($kind === 'short' && $number === 4) exit;
    $line = sprintf('%d %.6f ', $number, microtime(true));
    echo str_pad($line, $size - 1, '.'), "\n";
    flush();
    usleep($kind === 'endless' ? 100000 : 150000);
}
