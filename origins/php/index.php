<?php
// A stream in PHP. Every record comes from the lab, which answers as soon as the trial wants it written.
if ($_SERVER['DOCUMENT_URI'] === '/ready') {
    echo 'ready';
    exit;
}
$lab = getenv('HOPWISE_LAB');
$mark = $_SERVER['HTTP_HOPWISE_REQUEST'] ?? $_GET['hopwise'] ?? '';
$query = http_build_query(['request' => $mark, 'stream' => bin2hex(random_bytes(16))]);

header('Content-Type: text/event-stream');
if (getenv('ACCEL')) {
    header('X-Accel-Buffering: no');
}
ignore_user_abort(true);
set_time_limit(0);
$isOver = false;
while (true) {
    $record = file_get_contents("$lab/next?$query", false, stream_context_create(['http' => ['ignore_errors' => true]]));
    $status = (int) explode(' ', $http_response_header[0])[1];
    if ($status === 204 || $status === 410) {
        exit;
    }
    if ($status !== 200) {
        // So a trial has the application fail.
        throw new RuntimeException("the lab answered $status");
    }
    echo $record;
    flush();
    if (connection_aborted() && !$isOver) {
        $isOver = true;
        file_get_contents("$lab/noticed?$query&what=" . rawurlencode('connection_aborted()'));
    }
}
