upstream model {
    server ${ATLAS_MODEL};
    keepalive 8;
}

server {
    listen 8080;
    server_name ${ATLAS_SITE};
    client_max_body_size 20m;

    include /etc/nginx/snippets/cors.conf;

    proxy_http_version 1.1;
    proxy_set_header Connection "";
    proxy_set_header Host $host;
    proxy_set_header X-Request-Id $request_id;
    proxy_read_timeout ${ATLAS_IDLE};

    location /v1/ {
        proxy_pass http://model;
        proxy_buffering ${ATLAS_BUFFERING};
    }

    location /v1/realtime/ {
        proxy_pass http://model;
        proxy_buffering off;
    }
}
