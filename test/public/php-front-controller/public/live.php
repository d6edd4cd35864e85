<?php
// one event stream per channel: /live.php/orders
header('Content-Type: text/event-stream');
header('Cache-Control: no-cache');
$channel = trim($_SERVER['PATH_INFO'] ?? '', '/');
while (ob_get_level()) ob_end_flush();
for (;;) {
    echo 'data: ', json_encode(['channel' => $channel, 'at' => time()]), "\n\n";
    flush();
    sleep(2);
}
