<?php
require dirname(__DIR__) . '/src/Kernel.php';
(new Shop\Kernel($_SERVER['APP_ENV'] ?? 'dev'))->run();
