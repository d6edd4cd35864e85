add_header Access-Control-Allow-Origin  "${ATLAS_ORIGIN}" always;
add_header Access-Control-Allow-Headers "authorization, content-type" always;
add_header Access-Control-Expose-Headers "x-request-id" always;
