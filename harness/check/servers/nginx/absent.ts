// Modules that no package of Debian brings, by the directives that only they know. https://github.com/nginx/nginx/blob/master/contrib/vim/syntax/nginx.vim

export interface AbsentModule {
  title: string;
  names: RegExp;
  /** Whether it may change how a response is passed on, or whether it is: then its absence is no stub, but something that is not checked. */
  touches: boolean;
}

/** In the order in which they are looked for. */
export const absentModules: readonly AbsentModule[] = [
  { title: "nginx-module-vts", names: /^(?:vhost|upstream)_traffic_status|^vhost_traffic/, touches: false },
  { title: "nginx-module-sts", names: /^(?:server|stream_server)_traffic_status/, touches: false },
  { title: "nginx-vod-module", names: /^vod(?:_|$)/, touches: false },
  { title: "nginx-opentracing", names: /^opentracing/, touches: false },
  { title: "OpenTelemetry", names: /^(?:otel_|opentelemetry)/, touches: false },
  { title: "the tracer of Datadog", names: /^datadog_/, touches: false },
  { title: "the tracer of Zipkin or Jaeger", names: /^(?:zipkin|jaeger)_/, touches: false },
  { title: "nginx-ct", names: /^ssl_ct/, touches: false },
  { title: "ngx_security_headers", names: /^(?:security_headers|hide_server_tokens)/, touches: false },
  { title: "nginx_cookie_flag_module", names: /^set_cookie_flag$/, touches: false },
  { title: "nginx_accept_language_module", names: /^set_from_accept_language$/, touches: false },
  { title: "ip2location", names: /^ip2(?:location|proxy)_/, touches: false },
  { title: "nginx-upload-module", names: /^upload_(?!progress)/, touches: false },
  { title: "nginx-video-thumbextractor-module", names: /^video_thumbextractor/, touches: false },
  { title: "ngx_aws_auth", names: /^aws_|^s3_/, touches: false },
  { title: "nginx-sflow-module", names: /^sflow$/, touches: false },
  { title: "drizzle, postgres or redis2", names: /^(?:drizzle|postgres|redis2?|rds)_/, touches: false },
  { title: "status pages of NGINX Plus", names: /^(?:status_zone|api|status|status_format|zone_sync\w*|state)$/, touches: false },
  { title: "health checks of NGINX Plus", names: /^health_check/, touches: false },
  { title: "nginx_upstream_check_module", names: /^check(?:_|$)/, touches: false },
  { title: "sticky sessions", names: /^(?:sticky|route|queue|ntlm|least_time)$/, touches: false },
  { title: "key-value stores of NGINX Plus", names: /^keyval/, touches: true },
  { title: "nginx-auth-ldap", names: /^(?:auth_ldap|ldap_server)/, touches: true },
  { title: "ngx_http_auth_jwt", names: /^auth_(?:jwt|digest|gss|totp|oidc)/, touches: true },
  { title: "nginx-http-shibboleth", names: /^shib_/, touches: true },
  {
    title: "naxsi",
    names:
      /^(?:SecRulesEnabled|SecRulesDisabled|LearningMode|DeniedUrl|CheckRule|BasicRule|MainRule|naxsi_|rules_|learning_mode|denied_url|check_rule|basic_rule|main_rule)/i,
    touches: true,
  },
  { title: "testcookie-nginx-module", names: /^testcookie/, touches: true },
  { title: "ngx_pagespeed", names: /^pagespeed/i, touches: true },
  { title: "Phusion Passenger", names: /^(?:passenger|rails|union_station)_/, touches: true },
  { title: "nginx-http-concat", names: /^concat/, touches: true },
  { title: "nginx-http-footer-filter", names: /^(?:footer|trim)(?:_|$)/, touches: true },
  { title: "ngx_slowfs_cache", names: /^slowfs_/, touches: true },
  { title: "nginx_limit_speed_module", names: /^limit_(?:speed|upload_rate)/, touches: true },
  { title: "websockify", names: /^websockify_/, touches: true },
  {
    title: "form-input, array-var, encrypted-session or iconv",
    names: /^(?:set_form_input|array_|encrypted_session_|set_(?:de|en)crypt_session|set_iconv|iconv_)/,
    touches: true,
  },
];
